#!/usr/bin/env bash
# Tries the settings for Vim of docs/editors.md: `:make`, `:ExoLint` and, where Debian's vim-ale is there, ALE.
# EXO_LINT_VIM names another Vim (or Neovim), EXO_LINT_ALE another copy of the plug-in.
source "$(dirname "$0")/common.sh"
vim=${EXO_LINT_VIM:-vim}
need "$vim" vim
ale=${EXO_LINT_ALE:-/usr/share/vim-ale}
[[ -d $ale ]] || install vim-ale || echo "vim: ALE is not there and is not tried"

mkdir -p "$work/vim/compiler" "$work/vim/plugin"
for name in compiler/exo-lint.vim plugin/exo-lint.vim plugin/exo-lint-ale.vim; do
    block "$name" > "$work/vim/$name"
done

cat > "$work/try.vim" <<'END_OF_VIM'
let s:passed = 0

" Where an item is, and its weight.
function! s:Plain(item) abort
  return [a:item.lnum, a:item.col, a:item.end_lnum, a:item.end_col, a:item.type]
endfunction

" The words from one place to one past another; what an editor would underline.
function! s:Words(item) abort
  let l:lines = getbufline(a:item.bufnr, a:item.lnum, a:item.end_lnum)
  let l:lines[-1] = strpart(l:lines[-1], 0, a:item.end_col - 1)
  let l:lines[0] = strpart(l:lines[0], a:item.col - 1)
  return join(l:lines, '')
endfunction

function! s:Same(expected, actual, what) abort
  if assert_equal(a:expected, a:actual, a:what) == 0
    let s:passed += 1
  endif
endfunction

function! s:Holds(condition, what) abort
  call s:Same(1, a:condition ? 1 : 0, a:what)
endfunction

let s:places = [[3, 27, 3, 45, 'E'], [5, 22, 6, 13, 'E'], [8, 1, 8, 31, 'W'], [10, 1, 10, 13, 'I']]
let s:words = ['シミが消える', 'シミがきれいに消え去り', 'アレルギーテスト済み', '診療時間']

function! s:Findings(list, what) abort
  call s:Same(s:places, map(copy(a:list), {_, item -> s:Plain(item)}), a:what . ': places')
  call s:Same(s:words, map(copy(a:list), {_, item -> s:Words(item)}), a:what . ': words')
endfunction

function! s:Try(work) abort
  execute 'cd' a:work . '/site'

  " :make
  edit copy.md
  silent make
  let l:list = getqflist()
  call s:Same(4, len(filter(copy(l:list), 'v:val.valid')), ':make: findings')
  call s:Findings(filter(copy(l:list), 'v:val.valid'), ':make')
  call s:Holds(l:list[0].text =~# '^「シミが消える」は、.*\\n根拠: .*\\n言い換え: .*\\n説明: http', ':make: text')
  call s:Same('copy.md', fnamemodify(bufname(l:list[0].bufnr), ':t'), ':make: file')
  cfirst
  call s:Same([3, 27], [line('.'), col('.')], ':make: jumps')
  silent make --category quasi-drug
  call s:Same(3, len(filter(getqflist(), 'v:val.valid')), ':make: further arguments')

  " What ends with 2 is read in the list.
  execute 'cd' a:work . '/broken'
  edit copy.md
  silent make
  let l:list = getqflist()
  call s:Same(0, len(filter(copy(l:list), 'v:val.valid')), ':make: settings that cannot be read')
  call s:Holds(join(map(copy(l:list), 'v:val.text')) =~# 'exo-lint.toml:1', ':make: and why')
  edit missing.md
  cd ..
  silent make
  let l:list = filter(getqflist(), 'v:val.valid')
  call s:Same('missing.md', fnamemodify(bufname(l:list[0].bufnr), ':t'), ':make: a file that is not there')
  call s:Same('E', l:list[0].type, ':make: and its weight')

  " :ExoLint
  execute 'cd' a:work . '/site'
  edit! copy.md
  ExoLint
  call s:Same('quickfix', &buftype, ':ExoLint: opens the list')
  cclose
  call s:Findings(getqflist(), ':ExoLint')
  call s:Holds(getqflist()[0].text =~# "\n根拠: .*\n言い換え: .*\n説明: http", ':ExoLint: text')
  edit! saved.md
  call setline(1, ['', '𠮷シミが消える。'])
  ExoLint
  cclose
  call s:Same([[2, 5, 2, 23, 'E']], map(getqflist(), {_, item -> s:Plain(item)}), ':ExoLint: what is not saved')
  edit! saved.md
  ExoLint
  call s:Same([[], ''], [getqflist(), &buftype], ':ExoLint: nothing to say')
  execute 'cd' a:work . '/broken'
  edit! copy.md
  messages clear
  ExoLint
  call s:Same([], getqflist(), ':ExoLint: settings that cannot be read')
  call s:Holds(execute('messages') =~# 'exo-lint.toml:1', ':ExoLint: and why')
endfunction

" What ALE found in this buffer, once it has ended.
function! s:Ale(file) abort
  execute 'edit!' a:file
  ALELint
  let l:left = 1000
  while ale#engine#IsCheckingBuffer(bufnr('%')) && l:left > 0
    sleep 10m
    let l:left -= 1
  endwhile
  return copy(ale#engine#GetLoclist(bufnr('%')))
endfunction

function! s:TryAle(work) abort
  execute 'cd' a:work
  let l:list = s:Ale('site/copy.md')
  " ALE counts the last byte in.
  call s:Findings(map(copy(l:list), {_, item -> extend({'end_col': item.end_col + 1}, item, 'keep')}), 'ALE')
  call s:Same('cosmetics/spot-removal', l:list[0].code, 'ALE: code')
  call s:Holds(l:list[0].text =~# 'おそれがあります。$', 'ALE: text')
  call s:Holds(l:list[0].detail =~# "\n根拠: .*\n言い換え: .*\n説明: http", 'ALE: detail')
  if has('nvim') && get(g:, 'ale_use_neovim_diagnostics_api')
    let l:shown = map(luaeval('vim.diagnostic.get(0)'), {_, d -> [d.lnum, d.col, d.end_lnum, d.end_col]})
    call s:Same([2, 26, 2, 44], l:shown[0], 'ALE: what is underlined')
  elseif !has('nvim')
    call s:Same([3, 27, 18], getmatches()[0].pos1, 'ALE: what is underlined')
  endif
  call s:Same([], s:Ale('quasi/cream.md'), 'ALE: settings of the folder')
  let l:list = s:Ale('broken/copy.md')
  call s:Same([1, 'E'], [l:list[0].lnum, l:list[0].type], 'ALE: settings that cannot be read')
  call s:Holds(l:list[0].text =~# 'exo-lint.toml:1', 'ALE: and why')
  call s:Holds(l:list[0].detail =~# '原因: ', 'ALE: and all of it')
endfunction

try
  call s:Try($WORK)
  if exists(':ALELint')
    call s:TryAle($WORK)
  endif
catch
  call add(v:errors, v:throwpoint . ': ' . v:exception)
endtry
call writefile(v:errors, $WORK . '/errors')
call writefile([s:passed . ' passed, ' . len(v:errors) . ' failed'], $WORK . '/count')
qall!
END_OF_VIM

export WORK=$work
[[ -d $ale ]] || rm "$work/vim/plugin/exo-lint-ale.vim"
{
    echo 'set nocompatible nomore encoding=utf-8 shortmess+=I'
    # No others that this machine happens to have.
    echo "let g:ale_linters = {'markdown': ['exo-lint']}"
    echo "set runtimepath^=$work/vim"
    if [[ -d $ale ]]; then echo "set runtimepath^=$ale"; fi
    block vimrc
} > "$work/vimrc"
"$vim" -Nu "$work/vimrc" -i NONE -n -es -S "$work/try.vim" < /dev/null > "$work/shown" 2>&1 || true
[[ -e $work/count ]] || { echo "vim ended without a word:" >&2; cat "$work/shown" >&2; exit 1; }
cat "$work/errors" >&2
echo "vim: $(cat "$work/count")"
[[ ! -s $work/errors ]]
