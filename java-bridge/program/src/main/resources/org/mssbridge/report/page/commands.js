/** Display filters, and the commands of tshark and Wireshark that show the same packets. */
const Commands = (() => {
  const { el } = Dom;

  /** Linux takes no argument of 128 KiB or more (MAX_ARG_STRLEN); other systems take less than that in all. */
  const LONGEST = 30000;

  /** The most frame numbers that a filter shows; what is copied has all of them. */
  const SHOWN = 60;

  /** A file's name as an argument that no program takes for an option. */
  const file = (name) => Words.quote(name.startsWith("-") ? "./" + name : name);

  const tshark = (name, filter) => "tshark -r " + file(name) + " -Y " + Words.quote(filter);

  /** Runs of three or more frames as a range. */
  function ranges(frames) {
    const runs = [];
    frames.forEach((frame) => {
      const last = runs[runs.length - 1];
      if (last && last[1] === frame - 1) {
        last[1] = frame;
      } else {
        runs.push([frame, frame]);
      }
    });
    return runs.flatMap(([from, to]) => (to - from > 1 ? [from + ".." + to] : from === to ? [from] : [from, to]));
  }

  function frameFilter(frames, most = Infinity) {
    if (frames.length === 1) {
      return "frame.number == " + frames[0];
    }
    const all = ranges(frames);
    return "frame.number in {" + all.slice(0, most).join(", ") + (all.length > most ? ", \u2026" : "") + "}";
  }

  /**
   * The files of a point with their frames, each numbered as in its file. A capture of several files is there as
   * its pieces; if the packets of these alternate, no frame has a number that is known: then there is no file.
   */
  function pieces(point, frames) {
    const capture = Data.report.captures.find((c) => c.point === point);
    if (!capture.files) {
      return [{ name: capture.file, frames }];
    }
    if (capture.files.some((piece) => !piece.first_frame)) {
      return [{ name: null, frames }];
    }
    return capture.files
      .map((piece, i) => {
        const next = capture.files[i + 1];
        const own = frames.filter((f) => f >= piece.first_frame && (!next || f < next.first_frame));
        return { name: piece.file, frames: own.map((f) => f - piece.first_frame + 1) };
      })
      .filter((piece) => piece.frames.length > 0);
  }

  const buttons = (commands) =>
    commands.filter(([, text]) => text.length < LONGEST).map(([label, text]) => Dom.copier(label, text, text.length > 500 ? text.slice(0, 500) + " \u2026" : text));

  /** The filter of some frames of a point, with buttons that copy it and the commands. */
  function ofFrames(point, frames) {
    const sorted = [...frames].sort((a, b) => a - b);
    return pieces(point, sorted).map((piece) => {
      const filter = frameFilter(piece.frames);
      const shown = frameFilter(piece.frames, SHOWN);
      return el(
        "div",
        { class: "filter" },
        el("code", {}, shown),
        Dom.copier("Copy", filter, shown),
        piece.name !== null && buttons([["tshark", tshark(piece.name, filter)], ["Wireshark", "wireshark -r " + file(piece.name) + " -g " + piece.frames[0]]]),
      );
    });
  }

  /** A filter with buttons that copy it, and the commands where the point has a single file. */
  function ofFilter(point, filter) {
    const capture = Data.report.captures.find((c) => c.point === point);
    return el(
      "span",
      { class: "filter" },
      el("code", {}, filter),
      Dom.copier("Copy", filter),
      !capture.files && buttons([["tshark", tshark(capture.file, filter)], ["Wireshark", "wireshark -r " + file(capture.file) + " -Y " + Words.quote(filter)]]),
    );
  }

  return { file, ofFrames, ofFilter };
})();
