"""``/cite``: citations at the desk, and the links that lead to them."""

from __future__ import annotations

import json
import re

from transforms.citations.read import read_citations

SHARE = "share_between('2025-11-01', '2025-12-01')"


def test_a_story_is_cited_on_its_page_and_in_every_style(get, query):
    """The fold has the line of a bibliography, in the language of the source."""
    [(story_id, title, article_id)] = query(
        "select story_id, headline, any_value(article_id) from stories"
        " join articles using (story_id) where headline = title and language = 'zh'"
        " group by all order by story_id limit 1"
    )
    page = get(f"/zh/stories/{story_id}").text
    fold = page.partition("<summary>引用</summary>")[2].partition("</details>")[0]

    assert f"《{title}》" in re.sub(r"<[^>]+>", "", fold)
    assert f"，报道 {story_id}，" in fold
    assert f'href="/zh/cite?q={story_id}"' in fold
    assert f'href="/zh/cite?q={article_id}"' in page
    cited = get(f"/zh/cite?q={story_id}").text
    assert all(text in cited for text in ("@misc{", "TY  - NEWS", "CSL-JSON", "芝加哥"))
    rows = {r["style"]: r["citation"] for r in get(f"/cite.json?q={story_id}").json()}
    for style in ("csl-json", "ris"):
        [found] = read_citations([rows[style]])
        assert (found.id, found.title) == (story_id, title)
    pasted = rows["ris"].replace(title, f"{title}吗")
    [row] = get("/cite.json", params={"q": pasted}).json()
    assert (row["id"], row["state"]) == (story_id, "differs")
    assert "no version has the headline" in row["why"]
    page = get("/zh/cite", params={"q": pasted}).text
    assert "不一致" in page
    assert f"没有任何版本的标题是“{title}吗”" in re.sub(r"<[^>]+>", "", page)
    assert "一致" in get("/zh/cite", params={"q": rows["csl-json"]}).text


def test_measures_claims_and_numbers_are_cited(get):
    """A statement on the SQL page that can be cited leads there."""
    for path, letter in (("/measures?all=1", "m"), ("/claims", "c")):
        ids = re.findall(rf'href="/cite\?q=({letter}[0-9a-f]{{20}})"', get(path).text)
        assert get(f"/cite?q={ids[0]}").status_code == 200
    number = get("/cite.json", params={"q": SHARE}).json()
    [item] = json.loads(number[0]["citation"])
    assert item["type"] == "dataset"
    assert get("/cite").status_code == 200


def test_what_cannot_be_cited_is_told(get):
    """An unknown id, and what is no number."""
    for asked, status, said in (
        ("nobody", 404, "No article, story, measure or claim has the id nobody"),
        ("read_csv('/etc/passwd')", 400, "not a number that can be cited"),
        ("", 400, "write what is cited"),
        ("[1]", 400, "what was pasted citation 1 is no object"),
        (f"[{'{},' * 20}{{}}]", 400, "more than 20 citations"),
    ):
        answer = get("/cite.json", params={"q": asked} if asked else {})
        assert (answer.status_code, said in answer.text) == (status, True), answer.text
