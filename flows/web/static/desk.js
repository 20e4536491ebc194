// What the pages do not need and readers like: keys, and what is new.
"use strict";

document.documentElement.classList.add("js");

const rows = [...document.querySelectorAll(".stories > li, .articles > li, .list tbody > tr, .lines > li")].filter((row) => row.querySelector("a.open, a.correct"));
const way = (row) => row.querySelector("a.open") ?? row.querySelector("a");
let at = rows.findIndex((row) => row.id && row.id === decodeURIComponent(location.hash.slice(1)));
if (at >= 0) rows[at].classList.add("at");

// What this browser alone remembers: when it looked last, and which stories it hides.
const keys = document.getElementById("keys");
const told = [...document.querySelectorAll(".stories > li[data-story]")];
const HALF_AN_HOUR = 1_800_000;
const MOST_HIDDEN = 5_000;
let hidden = new Set();

function kept(name, value) {
  try {
    if (value !== undefined) localStorage.setItem(name, JSON.stringify(value));
    return JSON.parse(localStorage.getItem(name));
  } catch { return null; /* a browser that remembers nothing */ }
}

function line(words, act, doing) {
  const said = document.createElement("p");
  const button = document.createElement("button");
  said.className = "choices since";
  said.append(words, " ", button);
  button.append(act);
  button.addEventListener("click", () => doing(said, button));
  told[0].parentElement.before(said);
  return said;
}

function tellNew() {
  const asOf = Number(keys.dataset.asOf ?? 0);
  const now = Date.now();
  const last = kept("sinowire.looked") ?? { before: asOf, at: asOf, when: now };
  // A look goes on until half an hour has passed without a page.
  const before = now - last.when > HALF_AN_HOUR ? last.at : last.before;
  const look = { before, at: Math.max(last.at, asOf), when: now };
  if (!kept("sinowire.looked", look)) return;
  const fresh = told.filter((story) => Number(story.dataset.grew) > before);
  for (const story of fresh) {
    const tag = document.createElement("span");
    const isNew = Number(story.dataset.arrived) > before;
    tag.className = "fresh";
    tag.append(isNew ? keys.dataset.fresh : keys.dataset.grew, " ");
    story.querySelector(".meta")?.prepend(tag);
  }
  if (!fresh.length) return;
  line(keys.dataset.new.replace("{n}", fresh.length), keys.dataset.read, (said) => {
    kept("sinowire.looked", { ...look, before: look.at });
    for (const tag of document.querySelectorAll(".fresh")) tag.remove();
    said.remove();
  });
}

let saidHidden = null;

function showHidden() {
  const some = told.filter((story) => hidden.has(story.dataset.story));
  for (const story of told) story.classList.toggle("put-away", hidden.has(story.dataset.story));
  saidHidden?.remove();
  saidHidden = some.length
    ? line(keys.dataset.hidden.replace("{n}", some.length), keys.dataset.show, (said, button) => {
      document.body.classList.toggle("all-shown");
      button.setAttribute("aria-pressed", document.body.classList.contains("all-shown"));
    })
    : null;
}

function hide() {
  const story = rows[at]?.dataset.story;
  if (!story) return;
  const row = rows[at];
  if (!hidden.delete(story)) hidden.add(story);
  hidden = new Set([...hidden].slice(-MOST_HIDDEN));
  if (kept("sinowire.hidden", [...hidden])) showHidden();
  if (row.offsetParent) return;
  const was = at;
  go(1);
  if (at === was) go(-1);
}

if (told.length) {
  // Numbers stay what they are beside what is put away.
  for (const list of new Set(told.map((story) => story.parentElement))) {
    let number = list.start;
    for (const story of list.children) story.value = number++;
  }
  hidden = new Set(kept("sinowire.hidden") ?? []);
  tellNew();
  showHidden();
}

function go(step) {
  let next = Math.min(Math.max(at + step, 0), rows.length - 1);
  while (rows[next] && !rows[next].offsetParent) next += step;
  if (!rows[next]) return;
  rows[at]?.classList.remove("at");
  at = next;
  rows[at].classList.add("at");
  way(rows[at]).focus({ preventScroll: true });
  rows[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select")) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "o" && at >= 0) way(rows[at]).click();
  else if (event.key === "h" && at >= 0) hide();
  else if (event.key === "x") (at >= 0 ? rows[at] : document).querySelector("a.correct")?.click();
  else if (event.key === "/") {
    const field = document.getElementById("q");
    if (!field) return;
    field.focus();
    field.select();
  } else if (event.key === "?") {
    if (keys.classList.toggle("shown")) keys.scrollIntoView({ block: "nearest" });
  } else return;
  event.preventDefault();
});

// A correction that waits: shown as soon as it is applied.
if (document.querySelector('.notice[data-key="said.queued"]')) {
  const key = new URLSearchParams(location.search).get("said");
  let pause = 500;
  const look = async () => {
    try {
      const answer = await fetch("/verdicts.json?table=queue");
      const waits = (await answer.json()).some((click) => click.key === key && click.state === "queued");
      if (!waits) return location.reload();
    } catch { /* the desk is started anew, or away: it is asked again */ }
    pause = Math.min(pause * 1.2, 10_000);
    setTimeout(look, pause);
  };
  setTimeout(look, pause);
}
