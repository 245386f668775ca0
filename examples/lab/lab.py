"""Runs the cases of cases.py and writes each to OUT/NAME/: a capture for every interface of the path, and truth.json.

    lab.py [--out DIR] [--quick] [--list] [NAME...]

Needs root. Skips and reports a case that needs something this machine lacks. Status 1 if a case failed.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

import needs
import truth
from cases import CASES, REFUSED
from variants import VARIANTS, Variant
from variants import make as make_variant
from net import HERE, Failed, Network, Wire

RED, GREEN, YELLOW = "31", "32", "33"


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("{")]


def run_case(case, out, keep):
    """Runs a case in a temporary folder, and copies the result to its place if all checks succeed or `keep` is set."""
    with tempfile.TemporaryDirectory(prefix="mssbridge-lab-") as scratch:
        folder = Path(scratch)
        with Network(case.path, case.ip, case.offload, folder, case.host) as network:
            address = network.plan["server"]
            ports = sorted(case.ports - {REFUSED})
            server = network.start("server", sys.executable, HERE / "traffic.py", "server",
                                   "::" if case.ip == 6 else "0.0.0.0", *ports, ready="ready")
            network.capture()
            client = network.start("client", sys.executable, HERE / "traffic.py", "client", case.address or address,
                                   json.dumps(case.traffic), case.parallel, log="client.log")
            try:
                client.wait(40)
            except subprocess.TimeoutExpired:
                raise Failed("the client did not end within 40 s") from None
            network.check_alive()
            dropped = network.stop_captures()
            server.kill()
            server_log = [json.loads(line) for line in server.stdout]
            box_log = [line for node in case.path if isinstance(node, Wire)
                       for line in lines(folder / (node.name + ".log"))]
            points = {name: [name + ".pcap"] for name, _, _ in network.points()}
            points = points_from(points, case.client_at, folder)
        facts = truth.Truth(case, folder, points, sorted(lines(folder / "client.log"), key=lambda one: one["id"]),
                            server_log, box_log).make()
        for point in points:
            facts["captures"][point] = {"files": points[point], "dropped_by_kernel": dropped[point],
                                        **facts["captures"][point]}
        truth.write(folder, facts)
        if not facts["ok"] and not keep:
            raise Failed("; ".join("%s: expected %s, observed %s" % (check["name"], check["expected"],
                                   check["observed"]) for check in facts["checks"] if not check["ok"]))
        place = out / case.name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        for file in sorted(folder.iterdir()):
            if file.suffix in (".pcap", ".pcapng", ".json"):
                shutil.copy(file, place)
        return facts


def run_twice(case, out, keep):
    """Runs a failed case a second time, because timing differs on a busy machine."""
    try:
        return run_case(case, out, keep=False)
    except Failed as problem:
        say(YELLOW, "again", case.name, str(problem))
        return run_case(case, out, keep)


def points_from(points, client_at, folder):
    """The points from `client_at` on, whose capture becomes the client's; all points if it is empty."""
    if not client_at:
        return points
    names = list(points)
    for name in names[: names.index(client_at)]:
        (folder / (name + ".pcap")).unlink()
    (folder / (client_at + ".pcap")).rename(folder / "client.pcap")
    return {"client": ["client.pcap"], **{name: points[name] for name in names[names.index(client_at) + 1 :]}}


def say(colour, word, name, rest):
    paint = "\x1b[%sm%s\x1b[0m" % (colour, word) if sys.stdout.isatty() else word
    print("%-4s  %-22s %s" % (paint, name, rest), flush=True)


def main():
    parser = argparse.ArgumentParser(description="Makes captures with known truth.")
    parser.add_argument("--out", type=Path, default=HERE.parents[1] / "target" / "lab")
    parser.add_argument("--quick", action="store_true", help="only the cases marked quick")
    parser.add_argument("--list", action="store_true", help="only list the cases")
    parser.add_argument("--keep", action="store_true", help="also write cases whose captures contradict the table")
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    unknown = set(asked.names) - {row.name for row in [*CASES, *VARIANTS]}
    if unknown:
        parser.error("there is no case " + ", ".join(sorted(unknown)))
    # Variants come last, because they edit the captures of the cases.
    chosen = [row for row in [*CASES, *VARIANTS]
              if (not asked.names or row.name in asked.names) and (not asked.quick or row.quick)]
    counts = {"ok": 0, "skip": 0, "FAIL": 0}
    for case in chosen:
        if asked.list:
            print("%-22s %s" % (case.name, case.title))
            continue
        variant = isinstance(case, Variant)
        missing = needs.missing(case.needs) if not variant else []
        if missing:
            say(YELLOW, "skip", case.name, "needs " + ", ".join(missing))
            counts["skip"] += 1
            continue
        began = time.monotonic()
        try:
            facts = make_variant(case, asked.out) if variant else run_twice(case, asked.out, asked.keep)
            say(GREEN, "ok", case.name, "%.1f s, %d connections, %d packets" % (
                time.monotonic() - began, len(facts["connections"]), facts["captures"]["client"]["packets"]))
            counts["ok"] += 1
        except Exception as problem:  # so that the other cases still run
            say(RED, "FAIL", case.name, "%s" % (problem or type(problem).__name__))
            if not isinstance(problem, Failed):
                traceback.print_exc()
            counts["FAIL"] += 1
    if not asked.list:
        print("%(ok)d written, %(skip)d skipped, %(FAIL)d failed" % counts)
    return 1 if counts["FAIL"] else 0


if __name__ == "__main__":
    sys.exit(main())
