#!/usr/bin/env bash
# Tag soup and what a browser shows of it: writes tests/browser/soup.json. Needs Debian's chromium.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$work/page.html" <<'END'
import json, random, sys
random.seed(7)
tags = """<p> </p> <b> </b> <div> </div> <div·hidden> <span·style='display:none'> </span> <span> <br> </br> <ul> <li> </ul>
</li> <table> <tr> <td> <td·rowspan=2> <th·colspan=3> </td> </tr> </table> <h2> </h2> <h3> </h3> <dl><dt> <dd> </dl> <small>
</small> <a·href=#> </a> <i> </i> <font> </font> <center> </center> <img·alt='画像'> <hr> <section> </section> <pre> </pre>
<blockquote> </blockquote> <ol><li> </ol> <form> </form> <tbody> <caption> </caption> &amp; &#12471; &nbsp; <!--·x--> <article>
</article> <label> </label> <nav> </nav> <em> </em> </body> <html> <thead> </div></div> <s> ·""".split()
words = "シミ 消える 肌 うるおい 毛穴 ハリ つや 一 二 三 A b".split()
soup = []
for _ in range(1000):
    page = "<!doctype html>"
    for _ in range(random.randint(2, 14)):
        page += random.choice(tags).replace("·", " ") + (random.choice(words) if random.random() < .7 else "")
    soup.append(page)
data = json.dumps(soup, ensure_ascii=False).replace("</", "<\\/").replace("<!--", "<\\!--")
open(sys.argv[1], "w").write("""<!doctype html><meta charset=utf-8><iframe id=f></iframe><script>
const shown = [], frame = document.getElementById('f');
for (const page of %s) {
  const d = frame.contentDocument;
  d.open(); d.write(page); d.close();
  shown.push([page, d.body ? d.body.innerText : '']);
}
document.documentElement.innerHTML = '<body><pre id=shown></pre></body>';
document.getElementById('shown').textContent = JSON.stringify(shown);
</script>""" % data)
END
chromium --headless --no-sandbox --disable-gpu --virtual-time-budget=60000 --dump-dom "file://$work/page.html" 2>/dev/null |
    python3 -c '
import html, json, re, sys
shown = json.loads(html.unescape(re.search(r"<pre id=\"shown\">(.*)</pre>", sys.stdin.read(), re.S)[1]))
print("[\n" + ",\n".join(json.dumps(s, ensure_ascii=False) for s in shown) + "\n]")' > soup.json
