// Plays the moves of a sample of families under two arrangements, side by side.
// It computes no figure: the moves come from the model; here they are only placed and counted.

const AWAY = -1;
const LEAST_DAYS = 8; // a stay is drawn at least so long, or nobody would see it
const TRAVEL_DAYS = 7; // from one place to the next
const PITCH = 12, DOT = 4.1;
const WIDE = ["front_door", "step_down", "closed"];
const ORDER = ["front_door", "offered", "assessment", "section_47", "looked_after", "early_help",
  "child_in_need", "protection", "after_care", "step_down", "closed"];
const NARROW_ORDER = ["front_door", "offered", "early_help", "assessment", "child_in_need",
  "section_47", "protection", "looked_after", "after_care", "step_down", "closed"];
const INKS = ["#12436D", "#1E7C74"], CHILD = "#801650", INK = "#0B0C0C", FOLLOWED = "#F46A25";

// Called at every run of the page; the same sample goes on where it was, playing or not.
export default function (component) {
  const { data, parentElement } = component;
  const root = parentElement.querySelector(".player");
  const said = `${data.group} ${data.start} ${data.days} ${data.titles} ${data.signature}`;
  if (root.player && root.player.said === said) return;
  if (root.player) root.player.end();
  const before = parentElement.before && parentElement.before.said === said ? parentElement.before : null;
  const state = before || { said, day: 0, playing: false, last: 0, followed: null, frame: 0 };
  parentElement.before = state;
  cancelAnimationFrame(state.frame);
  root.player = player(root, data, state);
}

function player(root, data, state) {
  const one = (name) => root.querySelector(`[data-do="${name}"]`);
  const is = (name) => root.querySelector(`[data-is="${name}"]`);
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const start = new Date(`${data.start}T00:00:00Z`);
  const months = monthEnds(start, data.days);
  const tracks = data.moves.map((moves) => tracksOf(moves, data.places.length));
  const fewest = data.places.map((_, p) => Math.max(...tracks.map((track) => track.slots[p]), 1));
  const kin = kinOf(data);
  const quiet = new AbortController();
  const on = (what, kind, does) => what.addEventListener(kind, does, { signal: quiet.signal });

  const panels = buildPanels(root.querySelector(".panels"), data);
  one("day").max = data.days - 1;
  fillFollow(one("follow"), data);

  function setDay(day, aloud = false) {
    state.day = Math.min(Math.max(day, 0), data.days - 1);
    is("day").setAttribute("aria-live", aloud ? "polite" : "off");
    draw();
  }
  function play(yes) {
    if (yes && state.day >= data.days - 1) state.day = 0;
    state.playing = yes;
    state.last = 0;
    one("play").textContent = yes ? "Pause" : "Play";
    if (yes) state.frame = requestAnimationFrame(tick);
    else cancelAnimationFrame(state.frame);
  }
  function tick(now) {
    if (!state.playing) return;
    if (!root.isConnected) return;
    const perSecond = Number(one("speed").value);
    const passed = state.last ? (now - state.last) / 1000 : 0;
    if (still.matches) { // month by month, and nothing glides
      if (!state.last || passed * perSecond >= 30) {
        if (state.last) setDay(nextMonth(months, state.day));
        state.last = now;
      }
    } else {
      setDay(state.day + Math.min(passed, 0.5) * perSecond);
      state.last = now;
    }
    if (state.day >= data.days - 1) return play(false);
    state.frame = requestAnimationFrame(tick);
  }
  function draw() {
    const day = Math.floor(state.day);
    const words = dayInWords(start, day);
    is("day").textContent = words;
    one("day").value = day;
    one("day").setAttribute("aria-valuetext", words);
    const where = data.moves.map((moves) => moves.map((each) => placeAt(each, day)));
    panels.forEach((panel, number) => {
      count(panel, where[number], data);
      paint(panel, tracks[number], where, number, data, kin, state, still.matches);
    });
    is("differ").textContent = difference(where, data);
  }
  function lay() {
    panels.forEach((panel) => arrange(panel, data, fewest));
    draw();
  }
  function follow(family) {
    state.followed = family;
    one("follow").value = family === null ? "" : String(family);
    tell(is("story"), data, start, family);
    draw();
  }

  on(one("play"), "click", () => play(!state.playing));
  on(one("back"), "click", () => { play(false); setDay(monthBefore(months, state.day), true); });
  on(one("on"), "click", () => { play(false); setDay(nextMonth(months, state.day), true); });
  on(one("day"), "input", () => { play(false); setDay(Number(one("day").value)); });
  on(one("follow"), "change", () => {
    follow(one("follow").value === "" ? null : Number(one("follow").value));
  });
  panels.forEach((panel) => on(panel.canvas, "click", (event) => {
    const found = nearest(panel, event);
    follow(found === null ? null : data.family[found]);
  }));
  const watcher = new ResizeObserver(lay);
  watcher.observe(root);
  lay();
  follow(state.followed);
  play(state.playing);
  return {
    said: state.said,
    end() {
      play(false);
      quiet.abort();
      watcher.disconnect();
      root.player = null;
    },
  };
}

// --- time ----------------------------------------------------------------------------------------

function monthEnds(start, days) {
  const found = [];
  for (let month = 1; ; month += 1) {
    const end = Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + month, 0);
    const day = Math.round((end - start.getTime()) / 86400000);
    if (day >= days) return found;
    found.push(day);
  }
}

function nextMonth(months, day) {
  return months.find((end) => end > Math.floor(day)) ?? months[months.length - 1];
}

function monthBefore(months, day) {
  return months.filter((end) => end < Math.floor(day)).pop() ?? 0;
}

function dayInWords(start, day) {
  const when = new Date(start.getTime() + day * 86400000);
  return when.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
}

// --- where everybody is --------------------------------------------------------------------------

function placeAt(moves, day) {
  let found = AWAY;
  for (let k = 0; k < moves.length && moves[k] <= day; k += 2) found = moves[k + 1];
  return found;
}

// When each stay is drawn, and in which slot of its place, so that nobody sits on anybody.
function tracksOf(travellers, places) {
  const stays = [];
  const tracks = travellers.map((moves, who) => {
    const track = [];
    for (let k = 0; k < moves.length; k += 2) {
      const earliest = track.length ? track[track.length - 1].from + LEAST_DAYS : -TRAVEL_DAYS;
      const from = moves[k] === 0 && !track.length ? -TRAVEL_DAYS : Math.max(moves[k], earliest);
      const stay = { who, from, until: Infinity, place: moves[k + 1], slot: 0 };
      if (track.length) track[track.length - 1].until = from;
      track.push(stay);
      if (stay.place !== AWAY) stays.push(stay);
    }
    return track;
  });
  const slots = new Array(places).fill(0);
  const free = Array.from({ length: places }, () => []);
  stays.sort((a, b) => a.from - b.from || a.who - b.who);
  for (const stay of stays) {
    const held = free[stay.place];
    let slot = held.findIndex((until) => until <= stay.from);
    if (slot < 0) slot = held.length;
    held[slot] = stay.until;
    stay.slot = slot;
    slots[stay.place] = Math.max(slots[stay.place], slot + 1);
  }
  return { tracks, slots };
}

// For each traveller, the number of its family's own dot.
function kinOf(data) {
  const home = new Map();
  data.family.forEach((family, who) => { if (data.child[who] === 0) home.set(family, who); });
  return data.family.map((family) => home.get(family) ?? null);
}

function difference(where, data) {
  const elsewhere = new Set();
  data.family.forEach((family, who) => {
    if (where[0][who] !== where[1][who]) elsewhere.add(family);
  });
  const all = new Set(data.family).size;
  return `${elsewhere.size} of the ${all} families are elsewhere under the redesign on this day.`;
}

// --- the panels ----------------------------------------------------------------------------------

function buildPanels(here, data) {
  here.replaceChildren();
  return data.titles.map((title, number) => {
    const panel = document.createElement("div");
    panel.className = number ? "panel redesign" : "panel";
    const heading = document.createElement("h3");
    heading.textContent = title;
    const grid = document.createElement("div");
    grid.className = "grid";
    const boxes = data.places.map(([name, words]) => {
      const box = document.createElement("div");
      box.className = WIDE.includes(name) ? "place wide" : "place";
      const head = document.createElement("div");
      head.className = "head";
      const label = document.createElement("span");
      label.textContent = words;
      const figure = document.createElement("b");
      const room = document.createElement("div");
      head.append(label, figure);
      box.append(head, room);
      return { name, box, figure, room };
    });
    const canvas = document.createElement("canvas");
    canvas.setAttribute("aria-hidden", "true");
    panel.append(heading, grid, canvas);
    here.append(panel);
    return { panel, grid, boxes, canvas, at: [], dots: [] };
  });
}

function arrange(panel, data, fewest) {
  const narrow = getComputedStyle(panel.grid).gridTemplateColumns.split(" ").length < 4;
  const order = narrow ? NARROW_ORDER : ORDER;
  const names = data.places.map(([name]) => name);
  for (const name of order) panel.grid.append(panel.boxes[names.indexOf(name)].box);
  panel.boxes.forEach((each, place) => {
    const across = Math.max(Math.floor(each.room.clientWidth / PITCH), 1);
    each.room.style.height = `${Math.ceil(fewest[place] / across) * PITCH + 4}px`;
  });
  const ground = panel.panel.getBoundingClientRect();
  panel.at = panel.boxes.map((each) => {
    const room = each.room.getBoundingClientRect();
    const across = Math.max(Math.floor(room.width / PITCH), 1);
    return { x: room.left - ground.left, y: room.top - ground.top, across };
  });
  const sharp = window.devicePixelRatio || 1;
  panel.canvas.width = Math.round(panel.panel.clientWidth * sharp);
  panel.canvas.height = Math.round(panel.panel.clientHeight * sharp);
  panel.pen = panel.canvas.getContext("2d");
  panel.pen.setTransform(sharp, 0, 0, sharp, 0, 0);
}

function count(panel, where, data) {
  panel.boxes.forEach((each, place) => {
    let families = 0, children = 0;
    where.forEach((at, who) => {
      if (at === place) { if (data.child[who]) children += 1; else families += 1; }
    });
    const inCare = each.name === "looked_after" || each.name === "after_care";
    const parts = [];
    if (!inCare || families) parts.push(`${families}`);
    if (inCare) parts.push(`${children}`);
    each.figure.textContent = parts.join(" + ");
  });
}

function slotAt(panel, stay) {
  const room = panel.at[stay.place];
  const x = room.x + (stay.slot % room.across) * PITCH + PITCH / 2;
  return [x, room.y + Math.floor(stay.slot / room.across) * PITCH + PITCH / 2];
}

// Where a traveller is drawn, and how strongly; null where it is not to be seen.
function spot(panel, track, day, home, gliding) {
  let k = track.length - 1;
  while (k >= 0 && track[k].from > day) k -= 1;
  if (k < 0) return null;
  const stay = track[k], before = k > 0 ? track[k - 1] : null;
  const share = gliding ? Math.min((day - stay.from) / TRAVEL_DAYS, 1) : 1;
  const eased = share * share * (3 - 2 * share);
  const from = before && before.place !== AWAY ? slotAt(panel, before) : home;
  if (stay.place === AWAY) {
    if (share >= 1 || !before) return null;
    return between(slotAt(panel, before), home, eased, 1 - eased);
  }
  const to = slotAt(panel, stay);
  return from ? between(from, to, eased, before && before.place !== AWAY ? 1 : Math.max(eased, 0.2))
    : [...to, eased];
}

function between(from, to, share, strength) {
  if (!to) return [...from, strength];
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share, strength];
}

function paint(panel, { tracks }, where, number, data, kin, state, isStill) {
  const pen = panel.pen;
  if (!pen || !panel.at.length) return;
  pen.clearRect(0, 0, panel.panel.clientWidth, panel.panel.clientHeight);
  const day = isStill ? Math.floor(state.day) : state.day;
  panel.dots = [];
  const homes = new Map();
  const later = [];
  const each = (who) => {
    const home = data.child[who] && kin[who] !== null ? homes.get(kin[who]) ?? null : null;
    const found = spot(panel, tracks[who], day, home, !isStill);
    if (!found) return;
    if (!data.child[who]) homes.set(who, [found[0], found[1]]);
    panel.dots.push([who, found[0], found[1]]);
    const chosen = state.followed !== null && data.family[who] === state.followed;
    const differs = where[0][who] !== where[1][who];
    const draw = () => mark(pen, found, data.child[who] > 0, INKS[number], differs, chosen);
    if (chosen) later.push(draw); else draw();
  };
  data.child.forEach((child, who) => { if (!child) each(who); });
  data.child.forEach((child, who) => { if (child) each(who); });
  later.forEach((draw) => draw());
}

function mark(pen, [x, y, strength], isChild, ink, differs, chosen) {
  const size = chosen ? DOT * 1.7 : DOT;
  pen.globalAlpha = strength;
  pen.beginPath();
  if (isChild) {
    pen.moveTo(x, y - size * 1.25);
    pen.lineTo(x + size * 1.25, y);
    pen.lineTo(x, y + size * 1.25);
    pen.lineTo(x - size * 1.25, y);
    pen.closePath();
  } else {
    pen.arc(x, y, size, 0, 2 * Math.PI);
  }
  pen.fillStyle = isChild ? CHILD : ink;
  pen.fill();
  if (differs || chosen) {
    pen.beginPath();
    pen.arc(x, y, size + (chosen ? 4 : 1.5), 0, 2 * Math.PI);
    pen.strokeStyle = chosen ? FOLLOWED : INK;
    pen.lineWidth = chosen ? 3 : 1.2;
    pen.stroke();
  }
  pen.globalAlpha = 1;
}

function nearest(panel, event) {
  const ground = panel.panel.getBoundingClientRect();
  const x = event.clientX - ground.left, y = event.clientY - ground.top;
  let found = null, least = 14;
  for (const [who, at, down] of panel.dots) {
    const far = Math.hypot(at - x, down - y);
    if (far < least) { least = far; found = who; }
  }
  return found;
}

// --- one family ----------------------------------------------------------------------------------

function fillFollow(choice, data) {
  const families = [...new Set(data.family)].sort((a, b) => a - b);
  const none = choice.options[0];
  choice.replaceChildren(none, ...families.map((family) => {
    const option = document.createElement("option");
    option.value = String(family);
    option.textContent = `family ${family + 1}`;
    return option;
  }));
}

function tell(here, data, start, family) {
  here.replaceChildren();
  here.hidden = family === null;
  if (family === null) return;
  data.titles.forEach((title, number) => {
    const part = document.createElement("div");
    const heading = document.createElement("h4");
    heading.textContent = `Family ${family + 1}: ${title}`;
    const list = document.createElement("ol");
    const lines = [];
    data.family.forEach((one, who) => {
      if (one !== family) return;
      const name = data.child[who] ? "a child: " : "";
      const moves = data.moves[number][who];
      for (let k = 0; k < moves.length; k += 2) {
        const words = moves[k + 1] === AWAY
          ? (data.child[who] ? "home, grown up or settled elsewhere" : "gone for good")
          : data.places[moves[k + 1]][1];
        lines.push([moves[k], `${name}${words}`]);
      }
    });
    lines.sort((a, b) => a[0] - b[0]);
    for (const [day, words] of lines) {
      const item = document.createElement("li");
      item.textContent = `${day === 0 ? "At the start" : dayInWords(start, day)}: ${words}`;
      list.append(item);
    }
    if (!lines.length) list.append("Never seen under this arrangement.");
    part.append(heading, list);
    here.append(part);
  });
}
