"""A box in the wire: it forwards frames from one interface to the other and changes the TCP packets in them.

    wire.py LEFT RIGHT CONFIG LOG

CONFIG is a JSON object; its "changes" are a list of [change, {arguments}] with the changes of changes.py. LOG receives
a JSON line for each change to a packet or connection. LEFT is the client's side.
"""

import heapq
import importlib
import json
import random
import select
import signal
import socket
import struct
import sys
import time

from packet import VLAN, TcpPacket

PACKET_OUTGOING = 4
SOL_PACKET, PACKET_IGNORE_OUTGOING = 263, 23


def open_interface(name):
    opened = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)
    opened.bind((name, 0))
    opened.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    return opened


class Wire:
    def __init__(self, left, right, changes, delay_s, tags):
        self.left, self.right = left, right
        self.changes = changes
        self.delay_s = delay_s
        self.tags = {left: tags["left"], right: tags["right"]}
        self.queue = []
        self.order = 0

    def schedule(self, at, out, frame):
        self.order += 1
        if self.tags[out]:
            frame = frame[:12] + struct.pack("!HH", VLAN, self.tags[out]) + frame[12:]
        heapq.heappush(self.queue, (at, self.order, out, bytes(frame)))

    def receive(self, direction, frame):
        now = time.monotonic()
        into, out = (self.left, self.right) if direction == "c2s" else (self.right, self.left)
        # The kernel has already removed the tag of most frames.
        if self.tags[into] and frame[12:14] == VLAN.to_bytes(2, "big"):
            frame = frame[:12] + frame[16:]
        packet = TcpPacket.parse(bytearray(frame))
        if packet is None:
            self.schedule(now + self.delay_s, out, frame)
            return
        # Each change turns one packet into any number of packets: (direction, packet, additional delay).
        packets = [(direction, packet, 0.0)]
        ordered = self.changes if direction == "c2s" else reversed(self.changes)
        for change in ordered:
            packets = [
                (way, made, delay + more)
                for travelling, before, delay in packets
                for way, made, more in (
                    change(travelling, before) if travelling == direction else [(travelling, before, 0.0)]
                )
            ]
        for travelling, made, delay in packets:
            out = self.right if travelling == "c2s" else self.left
            self.schedule(now + self.delay_s + delay, out, made.fix_checksums().frame)

    def run(self):
        sides = {self.left: "c2s", self.right: "s2c"}
        while True:
            wait = max(0.0, self.queue[0][0] - time.monotonic()) if self.queue else 1.0
            ready, _, _ = select.select(list(sides), [], [], wait)
            for side in ready:
                self.receive(sides[side], side.recv(65536))
            while self.queue and self.queue[0][0] <= time.monotonic():
                _, _, out, frame = heapq.heappop(self.queue)
                out.send(frame)


def main(left, right, config, log_file):
    settings = json.loads(config)
    random.seed(settings.get("seed", 1))
    log = open(log_file, "w", buffering=1, encoding="ascii")

    def note(what, **facts):
        log.write(json.dumps({"what": what, **facts}) + "\n")

    library = importlib.import_module("changes")
    changes = [getattr(library, name)(note=note, **arguments) for name, arguments in settings["changes"]]
    wire = Wire(open_interface(left), open_interface(right), changes, settings["delay_ms"] / 1000,
                settings["tags"])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("ready", flush=True)
    wire.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
