#!/usr/bin/env bash
# What a browser shows of the fixture pages, written beside each as NAME.visible.txt; with --check,
# only compared. Needs Debian's chromium. Style sheets, readings and fields are taken out first: the
# program does not read style sheets, and tells the other two apart from the text.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/tail" <<'END'
<script>
for (const e of document.querySelectorAll('style, link, rt, rp, textarea, datalist')) e.remove();
for (const e of document.querySelectorAll('details')) e.open = true;
const text = document.body.innerText;
document.documentElement.innerHTML = '<body><pre id=shown></pre></body>';
document.getElementById('shown').textContent = text;
</script>
END
failed=0
for page in fixtures/{pages,clean}/*.html; do
    name=$(basename "$page" .html)
    expected=${page%.html}.visible.txt
    # What templates leave is text to a browser.
    [[ $name == smarty-template ]] && continue
    cat "$page" "$work/tail" > "$work/$name.html"
    chromium --headless --no-sandbox --disable-gpu --dump-dom "file://$work/$name.html" 2>/dev/null |
        python3 -c '
import html, re, sys
dom = sys.stdin.read()
text = re.search(r"<pre id=\"shown\">(.*)</pre>", dom, re.S)[1]
# Shortcodes that nobody replaced are text to a browser.
text = re.sub(r"\[/?[a-z]{3,}[^\]]*\]", "", text)
lines = (re.sub(r"\s+", " ", l).strip() for l in html.unescape(text).replace("\t", "\n").splitlines())
print("\n".join(l for l in lines if l))' > "$work/$name.visible.txt"
    if [[ ${1:-} == --check ]]; then
        diff -u "$expected" "$work/$name.visible.txt" || failed=1
    else
        cp "$work/$name.visible.txt" "$expected"
    fi
done
exit $failed
