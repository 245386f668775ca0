/** The layout of a ladder: which sightings belong together, their heights and their labels. */
const LadderLayout = (() => {
  const ROW = 18;

  /** The height of a line of text, and of a sighting with one such line in a narrow ladder, in pixels. */
  const LINE = 13;
  const NARROW_ROW = 22;
  const SLACK = 2 ** 16; // Data that no capture holds may be acknowledged too.
  const FLAGS = [[0x02, "SYN"], [0x01, "FIN"], [0x04, "RST"]];

  /** Groups the sightings by transmission, by the links between them, with its losses; sorted by time. */
  function transmissions(ladder) {
    const parent = ladder.point.map((_, i) => i);
    const root = (i) => {
      while (parent[i] !== i) {
        parent[i] = parent[parent[i]];
        i = parent[i];
      }
      return i;
    };
    for (let k = 0; k < ladder.links.length; k += 2) {
      parent[root(ladder.links[k + 1])] = root(ladder.links[k]);
    }
    const groups = new Map();
    const at = (i) => {
      const key = root(i);
      if (!groups.has(key)) {
        groups.set(key, { rungs: [], links: [], lost: [], missed: [], passed: [], icmp: null, direction: ladder.direction[i] });
      }
      return groups.get(key);
    };
    ladder.point.forEach((_, i) => at(i).rungs.push(i));
    for (const kind of ["links", "lost", "missed"]) {
      for (let k = 0; k < ladder[kind].length; k += 2) {
        at(ladder[kind][k])[kind].push([ladder[kind][k], ladder[kind][k + 1]]);
      }
    }
    const all = passages(ladder, [...groups.values()]).concat(messages(ladder));
    all.forEach((group) => {
      group.rungs.sort((a, b) => ladder.time_us[a] - ladder.time_us[b]);
      group.time = group.icmp
        ? Math.min(...group.icmp.map((m) => m.time_us))
        : ladder.time_us[group.rungs[0]];
    });
    return all.sort((a, b) => a.time - b.time);
  }

  /** Joins a transmission that one point's capture missed with its sighting at the point after, if each is unique. */
  function passages(ladder, groups) {
    const key = (i, point) => [ladder.direction[i], ladder.sequence[i], ladder.bytes[i], point].join(" ");
    const arrived = new Set(ladder.links.filter((_, k) => k % 2));
    const waiting = new Map();
    const add = (name, side, group, i) => {
      waiting.set(name, waiting.get(name) || { from: [], to: [] });
      waiting.get(name)[side].push({ group, i });
    };
    for (const group of groups) {
      group.missed.forEach(([i]) => add(key(i, ladder.point[i] + (group.direction ? -2 : 2)), "from", group, i));
      group.rungs.filter((i) => !arrived.has(i)).forEach((i) => add(key(i, ladder.point[i]), "to", group, i));
    }
    const joined = new Set();
    for (const { from, to } of waiting.values()) {
      if (from.length === 1 && to.length === 1 && from[0].group !== to[0].group) {
        const { group } = from[0];
        group.passed.push([from[0].i, to[0].i]);
        ["rungs", "links", "lost", "missed", "passed"].forEach((list) => group[list].push(...to[0].group[list]));
        joined.add(to[0].group);
      }
    }
    return groups.filter((group) => !joined.has(group));
  }

  /** ICMP messages; the n-th one of a sender, MTU and direction is the same message at every point. */
  function messages(ladder) {
    const groups = new Map();
    const copies = new Map();
    for (const message of ladder.icmp) {
      const kind = [message.sender, message.mtu_bytes, message.quoted_direction].join(" ");
      const copy = copies.get(message.point + " " + kind) || 0;
      copies.set(message.point + " " + kind, copy + 1);
      const key = kind + " " + copy;
      if (!groups.has(key)) {
        groups.set(key, { rungs: [], links: [], lost: [], missed: [], passed: [], icmp: [], direction: 1 - message.quoted_direction });
      }
      groups.get(key).icmp.push(message);
    }
    return [...groups.values()];
  }

  /**
   * The height of each sighting: time runs downwards, pauses are shortened, and labels of one point never overlap. In
   * a narrow ladder no labels do, since those of all points share the room between the lines.
   */
  function heights(ladder, groups, narrow) {
    const events = [];
    for (const group of groups) {
      group.rungs.forEach((i) => events.push({ time: ladder.time_us[i], point: ladder.point[i], rung: i }));
      (group.icmp || []).forEach((m) => events.push({ time: m.time_us, point: m.point, message: m }));
    }
    events.sort((a, b) => a.time - b.time);
    const y = new Map();
    const last = new Map();
    let previous = null;
    let height = 0;
    for (const event of events) {
      const pause = previous === null ? 0 : event.time - previous;
      height += Math.min(36, 3 * Math.log2(1 + pause / 200));
      const lane = narrow ? 0 : event.point;
      const lines = narrow && event.rung !== undefined && ladder.sack[event.rung] ? LINE : 0;
      height = Math.max(height, (last.get(lane) || 0) + (narrow ? NARROW_ROW : ROW) + lines);
      last.set(lane, height);
      previous = event.time;
      y.set(event.message || event.rung, height);
    }
    return { y, events, height: height + 30 };
  }

  /** The names of SYN, FIN and RST; ACK only in a SYN/ACK. */
  const flags = (bits) =>
    FLAGS.filter(([bit]) => bits & bit).map(([, name]) => name).concat((bits & 0x12) === 0x12 ? ["ACK"] : []);

  const isnOf = (ladder, i) => ladder.isn[ladder.point[i]][ladder.direction[i]];
  const raw = (ladder, i) => (((isnOf(ladder, i) + ladder.sequence[i]) % 2 ** 32) + 2 ** 32) % 2 ** 32;

  /** A SACK edge relative to the ISN, or raw (and strange) if it is far from the connection's numbers. */
  function edge(ladder, i, value) {
    const base = ladder.isn[ladder.point[i]][1 - ladder.direction[i]];
    const relative = (value - base + 2 ** 32) % 2 ** 32;
    return relative < 2 ** 30 && relative <= ladder.reach[1 - ladder.direction[i]] + SLACK
      ? { text: String(relative), strange: false }
      : { text: "raw " + value, strange: true };
  }

  /** The text of a block's right edge; if both edges are raw, only the digits that differ from the left edge. */
  function ending(left, right) {
    if (!left.startsWith("raw ") || left.length !== right.length) {
      return right.replace("raw ", "");
    }
    let same = 4;
    while (same < right.length - 3 && left[same] === right[same]) {
      same++;
    }
    return (same > 4 ? "\u2026" : "") + right.slice(same);
  }

  function sacks(ladder, i) {
    const edges = ladder.sack[i] || [];
    const blocks = [];
    for (let k = 0; k < edges.length; k += 2) {
      const left = edge(ladder, i, edges[k]);
      const right = edge(ladder, i, edges[k + 1]);
      blocks.push({ text: left.text + "\u2013" + ending(left.text, right.text), strange: left.strange });
    }
    return blocks;
  }

  /** The label of a sighting, without SACK. */
  function words(ladder, i) {
    const bits = ladder.flags[i];
    const parts = flags(bits);
    if (bits & 0x02) {
      parts.push("ISN " + raw(ladder, i));
      parts.push(ladder.mss[i] === undefined ? "no MSS" : "MSS " + ladder.mss[i]);
    } else if (ladder.bytes[i] > 0) {
      const from = ladder.sequence[i];
      parts.push(from + "\u2013" + (from + ladder.bytes[i] - 1), "(" + ladder.bytes[i] + ")");
      if (ladder.repeated[i]) {
        parts.push("repeated");
      }
    } else if (bits & 0x04) {
      parts.push("seq " + ladder.sequence[i]);
    } else if (bits & 0x10) {
      parts.push("ack " + ladder.acknowledgment[i]);
    }
    if (ladder.window[i] === 0 && !(bits & 0x06)) {
      parts.push("window 0");
    }
    return parts.join(" ");
  }

  /** The first SACK block of a sighting, and how many more; null if it has none. */
  function sack(ladder, i) {
    const blocks = sacks(ladder, i);
    return blocks.length
      ? { text: "SACK " + blocks[0].text + (blocks.length > 1 ? " +" + (blocks.length - 1) : ""), strange: blocks.some((b) => b.strange) }
      : null;
  }

  function label(ladder, i) {
    const block = sack(ladder, i);
    return words(ladder, i) + (block ? " " + block.text : "");
  }

  /** Whether a point saw any of these bytes before; adds them to its ranges, which stay sorted and disjoint. */
  function overlaps(ranges, start, end) {
    let at = ranges.length;
    while (at > 0 && ranges[at - 1][1] >= start) {
      at--;
    }
    let until = at;
    let found = false;
    const range = [start, end];
    while (until < ranges.length && ranges[until][0] <= end) {
      found = found || (ranges[until][0] < end && start < ranges[until][1]);
      range[0] = Math.min(range[0], ranges[until][0]);
      range[1] = Math.max(range[1], ranges[until][1]);
      until++;
    }
    ranges.splice(at, until - at, range);
    return found;
  }

  /** Adds the highest relative sequence number of each direction, and which sightings repeat bytes. */
  function prepare(ladder) {
    ladder.reach = [0, 0];
    const before = new Map();
    ladder.repeated = ladder.point.map((point, i) => {
      const key = 2 * point + ladder.direction[i];
      before.set(key, before.get(key) || []);
      const start = ladder.sequence[i];
      return ladder.bytes[i] > 0 && overlaps(before.get(key), start, start + ladder.bytes[i]);
    });
    ladder.point.forEach((_, i) => {
      const way = ladder.direction[i];
      ladder.reach[way] = Math.max(ladder.reach[way], ladder.sequence[i] + ladder.bytes[i]);
      ladder.reach[1 - way] = Math.max(ladder.reach[1 - way], ladder.acknowledgment[i]);
    });
    return ladder;
  }

  return { LINE, transmissions, heights, words, sack, label, sacks, flags, raw, prepare };
})();
