/** Where everything of a ladder stands: what belongs together, and how far down each time is. */
const LadderLayout = (() => {
  const ROW = 18;
  const FLAGS = [[0x02, "SYN"], [0x01, "FIN"], [0x04, "RST"]];

  /** Sightings of one transmission, by the links between them; each knows what became of it. */
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
        groups.set(key, { rungs: [], links: [], lost: [], missed: [], icmp: null, direction: ladder.direction[i] });
      }
      return groups.get(key);
    };
    ladder.point.forEach((_, i) => at(i).rungs.push(i));
    for (const kind of ["links", "lost", "missed"]) {
      for (let k = 0; k < ladder[kind].length; k += 2) {
        at(ladder[kind][k])[kind].push([ladder[kind][k], ladder[kind][k + 1]]);
      }
    }
    const all = [...groups.values()].concat(messages(ladder));
    all.forEach((group) => {
      group.rungs.sort((a, b) => ladder.time_us[a] - ladder.time_us[b]);
      group.time = group.icmp
        ? Math.min(...group.icmp.map((m) => m.time_us))
        : ladder.time_us[group.rungs[0]];
    });
    return all.sort((a, b) => a.time - b.time);
  }

  /** ICMP messages; what several points saw of one sender, MTU and copy is one. */
  function messages(ladder) {
    const groups = new Map();
    const copies = new Map();
    for (const message of ladder.icmp) {
      const kind = [message.sender, message.mtu_bytes, message.quoted_direction].join(" ");
      const copy = copies.get(message.point + " " + kind) || 0;
      copies.set(message.point + " " + kind, copy + 1);
      const key = kind + " " + copy;
      if (!groups.has(key)) {
        groups.set(key, { rungs: [], links: [], lost: [], missed: [], icmp: [], direction: 1 - message.quoted_direction });
      }
      groups.get(key).icmp.push(message);
    }
    return [...groups.values()];
  }

  /** Time runs downwards; pauses are shortened, and labels of one point never overlap. */
  function heights(ladder, groups) {
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
      height = Math.max(height, (last.has(event.point) ? last.get(event.point) : 0) + ROW);
      last.set(event.point, height);
      previous = event.time;
      y.set(event.message || event.rung, height);
    }
    return { y, events, height: height + 30 };
  }

  const flags = (bits) => FLAGS.filter(([bit]) => bits & bit).map(([, name]) => name);

  const isnOf = (ladder, i) => ladder.isn[ladder.point[i]][ladder.direction[i]];
  const raw = (ladder, i) => (((isnOf(ladder, i) + ladder.sequence[i]) % 2 ** 32) + 2 ** 32) % 2 ** 32;

  /** A SACK edge from the ISN, or raw where it lies nowhere near the connection's numbers. */
  function edge(ladder, i, value) {
    const base = ladder.isn[ladder.point[i]][1 - ladder.direction[i]];
    const relative = (value - base + 2 ** 32) % 2 ** 32;
    return relative < 2 ** 30 && relative <= ladder.reach[1 - ladder.direction[i]] + 2 ** 20
      ? { text: String(relative), strange: false }
      : { text: "raw " + value, strange: true };
  }

  /** The right edge of a block, of a long raw one the digits only that differ. */
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

  /** What stands beside a sighting. */
  function label(ladder, i) {
    const bits = ladder.flags[i];
    const parts = flags(bits);
    if (bits & 0x02) {
      if (bits & 0x10) {
        parts.push("ACK");
      }
      parts.push("ISN " + raw(ladder, i));
      parts.push(ladder.mss[i] === undefined ? "no MSS" : "MSS " + ladder.mss[i]);
    } else if (ladder.bytes[i] > 0) {
      const from = ladder.sequence[i];
      parts.push(from + "\u2013" + (from + ladder.bytes[i] - 1), "(" + ladder.bytes[i] + ")");
    } else if (bits & 0x10) {
      parts.push("ack " + ladder.acknowledgment[i]);
    }
    const blocks = sacks(ladder, i);
    if (blocks.length) {
      parts.push("SACK " + blocks[0].text + (blocks.length > 1 ? " +" + (blocks.length - 1) : ""));
    }
    return parts.join(" ");
  }

  /** The highest position of each direction. */
  function prepare(ladder) {
    ladder.reach = [0, 0];
    ladder.point.forEach((_, i) => {
      const way = ladder.direction[i];
      ladder.reach[way] = Math.max(ladder.reach[way], ladder.sequence[i] + ladder.bytes[i]);
      ladder.reach[1 - way] = Math.max(ladder.reach[1 - way], ladder.acknowledgment[i]);
    });
    return ladder;
  }

  return { transmissions, heights, label, sacks, flags, raw, prepare };
})();
