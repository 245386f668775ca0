"""Client and server of a case, in one file:

    traffic.py server ADDRESS PORT...          prints "ready", then a JSON line per connection
    traffic.py client ADDRESS FLOWS PARALLEL   prints a JSON line per connection

FLOWS is a JSON list of flows; a flow is one connection: {"kind": "http"|"tls", "port", "up", "down", "rounds",
"pause_ms", "end": "client"|"server"|"reset", "same"}. With "same" the payload of all connections is identical.
"""

import json
import queue
import random
import socket
import struct
import sys
import threading
import time

HANDSHAKE, DATA = 0x16, 0x17
RECORD_BYTES = 4096
MPTCP, MPTCP_PORT = 262, 8444


def text(end):
    return ("[%s]:%d" if ":" in end[0] else "%s:%d") % (end[0].removeprefix("::ffff:"), end[1])


def say(**facts):
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def read_exactly(reader, size):
    data = reader.read(size)
    if len(data) != size:
        raise EOFError("%d bytes of %d" % (len(data), size))
    return data


def body(seed, size):
    return random.Random(seed).randbytes(size)


class Http:
    """A request and a response, each with a body, as in HTTP/1.1."""

    def __init__(self, flow, number):
        self.flow, self.name = flow, 0 if flow.get("same") else number

    def greet(self, sock, reader):
        pass

    def ask(self, sock, reader, round_):
        head = "POST /item/%d HTTP/1.1\r\nHost: lab.example\r\nX-Connection: %d\r\nX-Down: %d\r\n" % (
            round_, self.name, self.flow["down"])
        head += "X-Last: %d\r\nX-End: %s\r\nContent-Length: %d\r\n\r\n" % (
            round_ == self.flow["rounds"] - 1, self.flow["end"], self.flow["up"])
        sock.sendall(head.encode() + body(self.name * 1000 + round_, self.flow["up"]))
        answer = headers(reader)
        read_exactly(reader, int(answer["content-length"]))


def headers(reader):
    first = reader.readline()
    if not first:
        return None
    found = {}
    while (line := reader.readline().strip()):
        name, _, value = line.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return found


class Tls:
    """TLS records: a well-formed ClientHello, then data that looks encrypted."""

    def __init__(self, flow, number):
        self.flow, self.name = flow, 0 if flow.get("same") else number

    def greet(self, sock, reader):
        session = struct.pack("!IIII", self.name, self.flow["up"], self.flow["down"], self.flow["rounds"])
        session += self.flow["end"].encode().ljust(16, b"\0")
        host = b"lab.example"
        name = struct.pack("!HBH", len(host) + 3, 0, len(host)) + host
        extensions = struct.pack("!HH", 0, len(name)) + name
        hello = b"\x03\x03" + body(self.name, 32) + b"\x20" + session + struct.pack("!HHHBB", 4, 0x1301, 0xC02F, 1, 0)
        hello += struct.pack("!H", len(extensions)) + extensions
        hello = b"\x01" + len(hello).to_bytes(3, "big") + hello
        sock.sendall(b"\x16\x03\x01" + struct.pack("!H", len(hello)) + hello)
        read_record(reader)

    def ask(self, sock, reader, round_):
        send_records(sock, DATA, body(self.name * 1000 + round_, self.flow["up"]))
        got = 0
        while got < self.flow["down"]:
            got += len(read_record(reader)[1])


def send_records(sock, kind, data):
    sock.sendall(b"".join(
        struct.pack("!BHH", kind, 0x0303, len(data[at : at + RECORD_BYTES])) + data[at : at + RECORD_BYTES]
        for at in range(0, len(data), RECORD_BYTES)))


def read_record(reader):
    kind, _, size = struct.unpack("!BHH", read_exactly(reader, 5))
    return kind, read_exactly(reader, size)


def reset_on_close(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def serve(sock, peer):
    facts = {"client": text(peer), "server": text(sock.getsockname()), "id": None, "ok": False}
    try:
        sock.settimeout(8)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        reader = sock.makefile("rb")
        first = sock.recv(1, socket.MSG_PEEK)
        if first == bytes([HANDSHAKE]):
            serve_tls(sock, reader, facts)
        elif first:
            serve_http(sock, reader, facts)
        facts["ok"] = bool(first)
    except (OSError, EOFError) as problem:
        facts["problem"] = str(problem)
    finally:
        sock.close()
        say(**facts)


def serve_tls(sock, reader, facts):
    hello = read_record(reader)[1]
    facts["id"], up, down, rounds = struct.unpack("!IIII", hello[39:55])
    end = hello[55:71].rstrip(b"\0").decode()
    send_records(sock, HANDSHAKE, b"\x02" + body(facts["id"] + 1, 2900))
    for round_ in range(rounds):
        got = 0
        while got < up:
            got += len(read_record(reader)[1])
        send_records(sock, DATA, body(facts["id"] * 1000 + round_ + 500, down))
    if end != "server":
        reader.read(1)


def serve_http(sock, reader, facts):
    while (asked := headers(reader)) is not None:
        facts["id"] = int(asked["x-connection"])
        read_exactly(reader, int(asked["content-length"]))
        down = int(asked["x-down"])
        answer = body(facts["id"] * 1000 + 500, down)
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % down + answer)
        if asked["x-last"] == "1" and asked["x-end"] == "server":
            return


def connect(address, flow, number):
    facts = {"id": number, "ok": False, "same": bool(flow.get("same")), "start": time.time()}
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM, MPTCP if flow.get("mptcp") else 0)
    try:
        sock.settimeout(flow.get("timeout_s", 8))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if flow.get("mss"):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, flow["mss"])
        try:
            sock.connect((address, flow["port"]))
        finally:
            facts["client"] = text(sock.getsockname())
            facts["server"] = text((address, flow["port"]))
        reader = sock.makefile("rb")
        time.sleep(flow.get("wait_ms", 0) / 1000)
        talk = {"http": Http, "tls": Tls}[flow["kind"]](flow, number)
        talk.greet(sock, reader)
        for round_ in range(flow["rounds"]):
            talk.ask(sock, reader, round_)
            time.sleep(flow.get("pause_ms", 0) / 1000)
        if flow["end"] == "server":
            reader.read(1)
        if flow["end"] == "reset":
            reset_on_close(sock)
        reader.close()
        facts["ok"] = True
    except (OSError, EOFError) as problem:
        facts["problem"] = str(problem)
        if flow.get("timeout_s"):
            reset_on_close(sock)
    finally:
        sock.close()
        say(**facts)


def main_server(address, *ports):
    for port in ports:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM, MPTCP if int(port) == MPTCP_PORT else 0)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, int(port)))
        listener.listen(1024)
        threading.Thread(target=accept_all, args=(listener,), daemon=True).start()
    print("ready", flush=True)
    threading.Event().wait()


def accept_all(listener):
    while True:
        threading.Thread(target=serve, args=listener.accept(), daemon=True).start()


def main_client(address, flows, parallel):
    work = queue.Queue()
    for number, flow in enumerate(json.loads(flows), 1):
        work.put((number, flow))

    def worker():
        while True:
            try:
                number, flow = work.get_nowait()
            except queue.Empty:
                return
            connect(flow.get("address", address), flow, number)

    workers = [threading.Thread(target=worker) for _ in range(int(parallel))]
    for one in workers:
        one.start()
    for one in workers:
        one.join()


if __name__ == "__main__":
    {"server": main_server, "client": main_client}[sys.argv[1]](*sys.argv[2:])
