"""The network of a case: a namespace for each node of the path, links between neighbours, captures on all interfaces."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLIENT, SERVER = "client", "server"
ADDRESSES = {
    4: {"client": "10.10.0.2", "client_gate": "10.10.0.1", "client_net": "10.10.0.0/24", "server": "198.51.100.2",
        "server_gate": "198.51.100.1", "server_net": "198.51.100.0/24", "left": "172.16.%d.1", "right": "172.16.%d.2",
        "between": "172.16.%d.0/24", "bits": 24, "all": "0.0.0.0/0", "flags": []},
    6: {"client": "2001:db8:10::2", "client_gate": "2001:db8:10::1", "client_net": "2001:db8:10::/64",
        "server": "2001:db8:f::2", "server_gate": "2001:db8:f::1", "server_net": "2001:db8:f::/64",
        "left": "fd00:%d::1", "right": "fd00:%d::2", "between": "fd00:%d::/64",
        "bits": 64, "all": "::/0", "flags": ["nodad"]},
}
OFFLOADS = ["tx", "tso", "gso", "gro"]


@dataclass
class Router:
    """A node that forwards. `nft` are nftables rules, `mtu` is that of the link on its right, and `shell` are commands
    run in its namespace."""

    name: str = "router"
    nft: str = ""
    mtu: int = 1500
    shell: list = field(default_factory=list)
    sysctl: dict = field(default_factory=dict)
    tunnel: str = ""  # arguments of tunnel.py
    haproxy: str = ""  # its configuration
    renames: bool = False  # whether addresses or ports differ behind it


@dataclass
class Wire:
    """A box in the wire without an address: wire.py with these changes."""

    changes: list
    name: str = "box"
    delay_ms: float = 2
    seed: int = 1
    renames: bool = False
    pool: str = ""  # network of the clients' addresses behind it
    vlan_left: int = 0  # 802.1Q tag of frames on its left; 0 for none
    vlan_right: int = 0  # and on its right


class Failed(Exception):
    pass


def run(*words):
    done = subprocess.run([str(word) for word in words], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        raise Failed("%s: %s" % (" ".join(map(str, words)), (done.stderr or done.stdout).strip()))
    return done.stdout


class Network:
    def __init__(self, path, version, offload, folder, host_sysctl=None):
        self.nodes = [Router(CLIENT), *path, Router(SERVER)]
        self.version, self.offload, self.folder = version, offload, Path(folder)
        self.host_sysctl = host_sysctl or {}
        self.plan = ADDRESSES[version]
        self.prefix = "mssb%d-" % os.getpid()
        self.processes, self.captures, self.made = [], [], []

    def __enter__(self):
        try:
            self.build()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in self.processes + self.captures:
            process.kill()
            process.wait()
        for space in self.made:
            subprocess.run(["ip", "netns", "del", space], capture_output=True)

    def space(self, node):
        return self.prefix + (node if isinstance(node, str) else node.name)

    def inside(self, node, *words):
        return run("ip", "netns", "exec", self.space(node), *words)

    def start(self, node, *words, ready=None, log=None):
        """A process in a node's namespace; waits for a line that holds `ready`."""
        output = open(self.folder / log, "w", encoding="utf-8") if log else subprocess.PIPE
        process = subprocess.Popen(
            ["ip", "netns", "exec", self.space(node), *map(str, words)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE if ready else output,
            stderr=subprocess.STDOUT if ready else subprocess.DEVNULL, text=True)
        self.processes.append(process)
        if ready:
            self.wait_for(process, ready)
        return process

    @staticmethod
    def wait_for(process, ready):
        said = ""
        for line in process.stdout:
            if ready in line:
                return
            said += line
        raise Failed("ended too early: %s" % said.strip())

    def build(self):
        for node in self.nodes:
            run("ip", "netns", "add", self.space(node))
            self.made.append(self.space(node))
            self.set_up(node)
        for left, right in zip(self.nodes, self.nodes[1:]):
            self.link(left, right)
        layer3 = [node for node in self.nodes if isinstance(node, Router)]
        for number, (left, right) in enumerate(zip(layer3, layer3[1:])):
            self.address(left, "right", self.ends(number, len(layer3))[0])
            self.address(right, "left", self.ends(number, len(layer3))[1])
        for number, node in enumerate(layer3):
            self.routes(node, number, len(layer3))
        for node in self.nodes[1:-1]:
            self.equip(node)

    def ends(self, number, count):
        """The two addresses of the link after the number-th node that has addresses, counted from 0."""
        plan = self.plan
        left = plan["client"] if number == 0 else plan["left"] % number
        right = plan["server"] if number == count - 2 else plan["right"] % number
        if number == 0 and count > 2:
            right = plan["client_gate"]
        if number == count - 2 and count > 2:
            left = plan["server_gate"]
        return left, right

    def set_up(self, node):
        settings = {"net.ipv6.conf.default.accept_dad": 0, "net.ipv6.conf.all.accept_dad": 0,
                    "net.ipv4.conf.all.rp_filter": 0, "net.ipv4.conf.default.rp_filter": 0,
                    "net.ipv6.conf.default.router_solicitations": 0}
        if node.name in (CLIENT, SERVER):
            settings.update({"net.ipv4.tcp_no_metrics_save": 1, **self.host_sysctl})
        elif isinstance(node, Router):
            settings.update({"net.ipv4.ip_forward": 1, "net.ipv6.conf.all.forwarding": 1,
                             "net.ipv4.icmp_ratelimit": 0, **node.sysctl})
        if isinstance(node, Wire):
            settings["net.ipv6.conf.default.disable_ipv6"] = 1
        self.inside(node, "sysctl", "-q", "-w", *["%s=%s" % pair for pair in settings.items()])
        run("ip", "-n", self.space(node), "link", "set", "lo", "up")

    def interface(self, node, side):
        return "eth0" if node.name in (CLIENT, SERVER) else side

    def link(self, left, right):
        a, b = self.interface(left, "right"), self.interface(right, "left")
        run("ip", "-n", self.space(left), "link", "add", a, "type", "veth",
            "peer", "name", b, "netns", self.space(right))
        for node, name in ((left, a), (right, b)):
            wanted = "on" if self.offload and node.name in (CLIENT, SERVER) else "off"
            self.inside(node, "ethtool", "-K", name, *[word for what in OFFLOADS for word in (what, wanted)])
            mtu = left.mtu if isinstance(left, Router) else 1500
            run("ip", "-n", self.space(node), "link", "set", name, "mtu", mtu, "up")

    def address(self, node, side, address):
        run("ip", "-n", self.space(node), "addr", "add", "%s/%d" % (address, self.plan["bits"]),
            "dev", self.interface(node, side), *self.plan["flags"])

    def route(self, node, net, *how):
        run("ip", "-n", self.space(node), "-%d" % self.version, "route", "replace", net, *how)

    def routes(self, node, number, count):
        left = self.ends(number - 1, count)[0] if number else None
        right = self.ends(number, count)[1] if number < count - 1 else None
        if count == 2:
            self.route(node, self.plan["all"], "dev", "eth0")
        elif node.name == SERVER:
            self.route(node, self.plan["all"], "via", left)
        else:
            self.route(node, self.plan["all"], "via", right)
        if left and node.name != SERVER:
            before = self.nodes[: self.nodes.index(node)]
            # Also to the links between the nodes, because a NAT uses their addresses.
            nets = [self.plan["client_net"]] if number > 1 else []
            nets += [self.plan["between"] % link for link in range(1, number - 1)]
            nets += [wire.pool for wire in before if isinstance(wire, Wire) and wire.pool]
            for net in nets:
                self.route(node, net, "via", left)

    def equip(self, node):
        if isinstance(node, Wire):
            settings = {"changes": node.changes, "delay_ms": node.delay_ms, "seed": node.seed,
                        "tags": {"left": node.vlan_left, "right": node.vlan_right}}
            self.start(node, sys.executable, HERE / "wire.py", "left", "right", json.dumps(settings),
                       self.folder / ("%s.log" % node.name), ready="ready")
            return
        for command in node.shell:
            self.inside(node, "sh", "-c", command)
        if node.nft:
            rules = self.folder / ("%s.nft" % node.name)
            rules.write_text(node.nft, encoding="ascii")
            self.inside(node, "nft", "-f", rules)
        if node.tunnel:
            self.start(node, sys.executable, HERE / "tunnel.py", *node.tunnel.split(), ready="ready")
        if node.haproxy:
            config = self.folder / "haproxy.cfg"
            config.write_text(node.haproxy, encoding="ascii")
            self.start(node, "haproxy", "-db", "-f", config)
            self.until(lambda: ":5000" in self.inside(node, "ss", "-lnt"))

    @staticmethod
    def until(condition, seconds=5):
        limit = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > limit:
                raise Failed("timed out after %d s" % seconds)
            time.sleep(0.05)

    def check_alive(self):
        """Raises Failed if a box has died: what it no longer forwards is not loss on the path."""
        for process in self.processes:
            if process.poll() not in (None, 0):
                words = process.args
                said = process.stdout.read() if process.stdout else ""
                raise Failed("%s ended: %s" % (Path(words[5]).name, said.strip()[-300:]))

    def points(self):
        """(name, node, interface) of every interface on the path, in path order."""
        yield CLIENT, self.nodes[0], "eth0"
        for node in self.nodes[1:-1]:
            yield node.name + "-left", node, "left"
            yield node.name + "-right", node, "right"
        yield SERVER, self.nodes[-1], "eth0"

    def capture(self, snaplen=0):
        for name, node, interface in self.points():
            process = subprocess.Popen(
                ["ip", "netns", "exec", self.space(node), "tcpdump", "-n", "-i", interface, "-s", str(snaplen),
                 "-B", "8192", "--immediate-mode", "-Z", "root", "-w", str(self.folder / (name + ".pcap")),
                 "ip proto 6 or ip6 proto 6 or icmp or icmp6 or ip proto 47 or ip proto 50 or udp port 4789 or arp"
                 " or vlan"],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
            process.stdout = process.stderr
            self.captures.append(process)
        for process in self.captures:
            self.wait_for(process, "listening on")

    def stop_captures(self):
        """Stops all captures; returns for each point how many packets the kernel dropped, as tcpdump reports it."""
        time.sleep(0.3)
        for process in self.captures:
            process.send_signal(signal.SIGINT)
        dropped = {}
        for process, (name, _, _) in zip(self.captures, self.points()):
            process.wait(10)
            lines = [line for line in process.stderr.read().splitlines() if "dropped by kernel" in line]
            dropped[name] = int(lines[0].split()[0]) if lines else None
        self.captures = []
        return dropped
