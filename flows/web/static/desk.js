// What the pages do not need and readers like: keys, and times on their own clock.
"use strict";

document.documentElement.classList.add("js");

if (document.documentElement.dataset.zone === "own") {
  const zh = document.documentElement.lang.startsWith("zh");
  const days = new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", zh ? { month: "long", day: "numeric" } : { month: "short", day: "numeric" });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const weekday = new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { weekday: "long" });
  const date = new Intl.DateTimeFormat(zh ? "zh-CN" : "en-GB", { day: "numeric", month: zh ? "long" : "short", year: "numeric" });
  const times = [...document.querySelectorAll("time[datetime]")];
  const asOf = document.querySelector("footer time");
  const today = asOf ? days.format(new Date(asOf.dateTime)) : "";
  for (const time of times) {
    const at = new Date(time.dateTime);
    if (time.dataset.form === "day") {
      time.textContent = zh ? `${date.format(at)} ${weekday.format(at)}` : `${weekday.format(at)}, ${date.format(at)}`;
      continue;
    }
    if (/\d{4}/.test(time.textContent)) continue; // another year: the day says enough
    const day = days.format(at);
    time.textContent = day === today ? clock.format(at) : zh ? `${day} ${clock.format(at)}` : `${day}, ${clock.format(at)}`;
  }
  const zone = document.getElementById("zone");
  if (zone) zone.textContent = clock.resolvedOptions().timeZone;
}

const rows = [...document.querySelectorAll(".stories > li, .articles > li, .list tbody > tr, .lines > li")].filter((row) => row.querySelector("a.open, a.correct"));
const way = (row) => row.querySelector("a.open") ?? row.querySelector("a");
let at = rows.findIndex((row) => row.id && row.id === decodeURIComponent(location.hash.slice(1)));
if (at >= 0) rows[at].classList.add("at");

function go(step) {
  if (!rows.length) return;
  if (at >= 0) rows[at].classList.remove("at");
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
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
  else if (event.key === "x") (at >= 0 ? rows[at] : document).querySelector("a.correct")?.click();
  else if (event.key === "/") {
    const field = document.getElementById("q");
    if (!field) return;
    field.focus();
    field.select();
  } else if (event.key === "?") {
    const keys = document.getElementById("keys");
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
