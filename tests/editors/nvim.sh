#!/usr/bin/env bash
# Tries the settings for Neovim and nvim-lint of docs/editors.md. EXO_LINT_NVIM names another Neovim,
# EXO_LINT_NVIM_LINT the folder of the plug-in. Debian does not have it: without it, its place is taken by what
# calls the linter as it does, a process fed with the buffer whose two streams, one after the other, are parsed.
source "$(dirname "$0")/common.sh"
nvim=${EXO_LINT_NVIM:-nvim}
need "$nvim" neovim
plugin=${EXO_LINT_NVIM_LINT:-}
block exo-lint.lua > "$work/exo-lint.lua"

if [[ ! $plugin ]]; then
    plugin=$work/plugin
    mkdir -p "$plugin/lua"
    cat > "$plugin/lua/lint.lua" <<'END_OF_LUA'
local lint = { linters = {}, linters_by_ft = {} }
local namespaces = {}

function lint.get_namespace(name)
  namespaces[name] = namespaces[name] or vim.api.nvim_create_namespace(name)
  return namespaces[name]
end

function lint.get_running()
  return {}
end

function lint.try_lint()
  for _, name in ipairs(lint.linters_by_ft[vim.bo.filetype] or {}) do
    local linter = lint.linters[name]()
    local out, code = {}, nil
    local function keep(_, lines)
      table.insert(out, table.concat(lines, '\n'))
    end
    local job = vim.fn.jobstart({ linter.cmd, unpack(linter.args) }, {
      cwd = linter.cwd,
      stdout_buffered = true,
      stderr_buffered = true,
      on_stdout = keep,
      on_stderr = keep,
    })
    vim.fn.chansend(job, table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n') .. '\n')
    vim.fn.chanclose(job, 'stdin')
    code = vim.fn.jobwait({ job }, 10000)[1]
    assert(code >= 0 and (linter.ignore_exitcode or code == 0), 'ended with ' .. code)
    vim.diagnostic.set(lint.get_namespace(name), 0, linter.parser(table.concat(out), 0, linter.cwd))
  end
end

return lint
END_OF_LUA
    echo "nvim: nvim-lint is not there; what calls the linter is this script's own"
fi

cat > "$work/try.lua" <<'END_OF_LUA'
local work = os.getenv('WORK')
local passed, failures = 0, {}

local function same(expected, actual, what)
  if vim.deep_equal(expected, actual) then
    passed = passed + 1
  else
    table.insert(failures, ('%s: expected %s, got %s'):format(what, vim.inspect(expected), vim.inspect(actual)))
  end
end

local function holds(condition, what)
  same(true, condition and true or false, what)
end

-- What was found once the linter has ended.
local function settle()
  local running = require('lint').get_running
  vim.wait(10000, function()
    return #running() == 0
  end, 10)
  vim.wait(50)
  local found = vim.diagnostic.get(0)
  table.sort(found, function(a, b)
    return a.lnum < b.lnum
  end)
  return found
end

local function open(file)
  vim.cmd('edit! ' .. work .. '/' .. file)
  return settle()
end

local function places(found)
  return vim.tbl_map(function(d)
    return { d.lnum, d.col, d.end_lnum, d.end_col, d.severity }
  end, found)
end

local function try()
  local severity = vim.diagnostic.severity
  local found = open('site/copy.md')
  same({
    { 2, 26, 2, 44, severity.ERROR },
    { 4, 21, 5, 12, severity.ERROR },
    { 7, 0, 7, 30, severity.WARN },
    { 9, 0, 9, 12, severity.INFO },
  }, places(found), 'places')
  local words = vim.tbl_map(function(d)
    return table.concat(vim.api.nvim_buf_get_text(0, d.lnum, d.col, d.end_lnum, d.end_col, {}))
  end, found)
  same({ 'シミが消える', 'シミがきれいに消え去り', 'アレルギーテスト済み', '診療時間' }, words, 'words')
  holds(found[1].message:match('^「シミが消える」は、.*\n根拠: .*\n言い換え: .*\n説明: http'), 'message')
  same({ 'cosmetics/spot-removal', 'exo-lint' }, { found[1].code, found[1].source }, 'code')

  -- Older ones show them in namespaces without a name.
  local shown
  for namespace = 1, vim.api.nvim_create_namespace('') do
    for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, { 2, 0 }, { 2, -1 }, { details = true })) do
      for _, chunk in ipairs(mark[4].virt_text or {}) do
        shown = (shown or '') .. chunk[1]
      end
    end
  end
  holds(shown and shown:match('おそれがあります。') and not shown:match('根拠'), 'beside the line')

  local opened
  vim.ui.open = function(url)
    opened = url
  end
  vim.api.nvim_win_set_cursor(0, { 3, 0 })
  vim.api.nvim_feedkeys(vim.api.nvim_replace_termcodes('<Leader>x', true, true, true), 'x', false)
  vim.api.nvim_feedkeys('\\x', 'x', false)
  holds(opened and opened:match('/cosmetics/spot%-removal'), 'the page of the rule')

  same({}, open('site/saved.md'), 'nothing to say')
  vim.api.nvim_buf_set_lines(0, 0, -1, true, { '', '𠮷シミが消える。' })
  require('lint').try_lint()
  same({ { 1, 4, 1, 22, severity.ERROR } }, places(settle()), 'what is not saved')

  same({}, open('quasi/cream.md'), 'settings of the folder')
  found = open('broken/copy.md')
  same({ 1, 0, severity.ERROR }, { #found, found[1] and found[1].lnum, found[1] and found[1].severity },
    'settings that cannot be read')
  holds(found[1] and found[1].message:match('^exo%-lint.toml:1\n.*原因: .*直し方: '), 'and why')
end

local ok, problem = xpcall(try, debug.traceback)
if not ok then
  table.insert(failures, problem)
end
for _, failure in ipairs(failures) do
  io.stderr:write(failure, '\n')
end
io.stdout:write(('nvim: %d passed, %d failed\n'):format(passed, #failures))
vim.cmd(#failures == 0 and 'qall!' or 'cquit')
END_OF_LUA

export WORK=$work
cat > "$work/init.lua" <<END_OF_LUA
vim.opt.runtimepath:prepend('$plugin')
vim.opt.swapfile = false
dofile('$work/exo-lint.lua')
END_OF_LUA
"$nvim" --headless -u "$work/init.lua" -i NONE -c "luafile $work/try.lua" < /dev/null
