#!/usr/bin/env bash
# Reads what the program prints by the problem matchers of docs/editors.md as VS Code does: line by line, by the
# regular expressions of JavaScript, in columns of UTF-16. VS Code itself is not tried.
source "$(dirname "$0")/common.sh"
need node nodejs
block tasks.json > "$work/tasks.json"
block task-concise.json > "$work/task-concise.json"
printf -- '---\ncategory: cosmetcs\n---\nシミが消える。\n' > "$work/site/damaged.md"

cat > "$work/try.js" <<'END_OF_JS'
const { readFileSync } = require('fs');
const { spawnSync } = require('child_process');
const { deepStrictEqual } = require('assert');
const work = process.env.WORK;
let passed = 0, failed = 0;

function same(expected, actual, what) {
  try {
    deepStrictEqual(actual, expected);
    passed++;
  } catch (error) {
    failed++;
    console.error(`${what}: ${error.message}`);
  }
}

const levels = new Set(['error', 'warning', 'info']);

// What the matchers of a task make of this file.
function run(task, file) {
  const folder = `${work}/${file.slice(0, file.lastIndexOf('/'))}`;
  const known = { '${fileBasename}': file.slice(file.lastIndexOf('/') + 1), '${fileDirname}': folder };
  const put = text => text.replace(/\$\{\w+\}/g, name => known[name]);
  const done = spawnSync(task.command, task.args.map(put), { cwd: put(task.options.cwd), encoding: 'utf8' });
  const found = [];
  for (const line of (done.stdout + done.stderr).split('\n')) {
    for (const matcher of [task.problemMatcher].flat()) {
      const { pattern } = matcher;
      const match = new RegExp(pattern.regexp).exec(line);
      if (!match) continue;
      const group = name => match[pattern[name]];
      const [from, to] = [[group('line'), group('column')], [group('endLine'), group('endColumn')]];
      const file = `${put(matcher.fileLocation[1])}/${group('file')}`;
      found.push({
        file, at: [...from, ...(to[0] ? to : from)].map(Number),
        level: levels.has(group('severity')) ? group('severity') : 'error',
        code: group('code'), message: group('message'),
      });
      break;
    }
  }
  return { code: done.status, said: done.stderr, found };
}

function words(file, [line, column, endLine, endColumn]) {
  const lines = readFileSync(`${work}/${file}`, 'utf8').split('\n').slice(line - 1, endLine);
  lines[lines.length - 1] = lines[lines.length - 1].slice(0, endColumn - 1);
  lines[0] = lines[0].slice(column - 1);
  return lines.join('\n');
}

const exact = JSON.parse(readFileSync(`${work}/tasks.json`)).tasks[0];
const short = JSON.parse(readFileSync(`${work}/task-concise.json`));

const copy = run(exact, 'site/copy.md');
same(1, copy.code, 'exit code');
same([[3, 11, 3, 17], [5, 8, 6, 5], [8, 1, 8, 11], [10, 1, 10, 5]], copy.found.map(f => f.at), 'places');
same(['シミが消える', 'シミがきれいに\n消え去り', 'アレルギーテスト済み', '診療時間'],
  copy.found.map(f => words('site/copy.md', f.at)), 'words');
same(['error', 'error', 'warning', 'info'], copy.found.map(f => f.level), 'severities');
same([`${work}/site/copy.md`, 'cosmetics/spot-removal'], [copy.found[0].file, copy.found[0].code], 'file and rule');
same(true, /^「シミが消える」は、.*おそれがあります。$/.test(copy.found[0].message), 'message');

const damaged = run(exact, 'site/damaged.md');
same([[4, 1, 4, 7], [2, 11, 2, 11]], damaged.found.map(f => f.at), 'what cannot be read');
same(true, /cosmetcs/.test(damaged.found[1].message), 'and why');
const broken = run(exact, 'broken/copy.md');
same([2, []], [broken.code, broken.found], 'settings that cannot be read');
same(true, broken.said.startsWith('exo-lint.toml:1'), 'and why');

const lines = run(short, 'site/copy.md');
same([[3, 9], [5, 8], [8, 1], [10, 1]], lines.found.map(f => f.at.slice(0, 2)), 'concise: places');
same(['error', 'error', 'warning', 'info'], lines.found.map(f => f.level), 'concise: severities');
same(copy.found.map(f => [f.file, f.code, f.message]), lines.found.map(f => [f.file, f.code, f.message]),
  'concise: file, rule and message');
same([[4, 1], [2, 11]], run(short, 'site/damaged.md').found.slice(0, 2).map(f => f.at.slice(0, 2)),
  'concise: what cannot be read');

console.log(`vscode: ${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
END_OF_JS
WORK=$work node "$work/try.js"
