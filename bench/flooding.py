"""The callers of scripts/flood: good ones at a fixed rate, and five kinds of strangers who want to keep the host busy."""
import collections, random, re, select, socket, string, threading, time, zlib

PORT = 8900
RATE, LINES, FORGED = 500, 16, 10_000
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


def connect(source="127.0.0.1"):
    line = socket.socket()
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    line.settimeout(20)
    line.bind((source, 0))
    line.connect(("127.0.0.1", PORT))
    return line


def head(path, token, more=""):
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{more}\r\n".encode()


def answer(line):
    held = b""
    while (end := held.find(b"\r\n\r\n")) < 0:
        part = line.recv(65536)
        if not part:
            return None
        held += part
    length = int((re.search(rb"(?i)content-length: (\d+)", held[:end]) or [0, 0])[1])
    while len(held) < end + 4 + length:
        held += line.recv(65536)
    return int(held[9:12]), b"x-route-error" not in held[:end]


def by_clone(line):
    """Whether the clone answered, and not the gateway: the clone's own quota of requests is no concern here."""
    return (answer(line) or (0, False))[1]


def good(path, token, seconds, result, began, over):
    """The good callers: RATE a second whatever comes back; how many the clone answered in time, and how late."""
    took, lock = [], threading.Lock()

    def one(number, line):
        for turn in range(int(RATE * seconds / LINES)):
            due = start + (turn * LINES + number) / RATE
            time.sleep(max(0, due - time.monotonic()))
            line.sendall(head(path, token))
            if by_clone(line) and time.monotonic() < start + seconds + 1:
                with lock:
                    took.append(time.monotonic() - due)

    lines = [connect() for _ in range(LINES)]
    for line in lines:
        line.sendall(head(path, token))
        answer(line)
    began.set()
    result.recv()
    start = time.monotonic()
    threads = [threading.Thread(target=one, args=each) for each in enumerate(lines)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    served, took = len(took), sorted(took) or [float("inf")]
    result.send((served / int(RATE * seconds / LINES) / LINES * RATE, *[1000 * took[min(len(took) - 1, int(len(took) * share))] for share in (0.5, 0.99)]))
    over.wait()  # The places of these lines are not free before.


def idle(sources, most, over, told):
    """Opens connections until so many were tried, and keeps those that are not closed; says how many were tried and how many stay."""
    poll, open_, tried = select.epoll(), {}, 0

    def drop(wait):
        for descriptor, _ in poll.poll(wait):
            open_.pop(descriptor).close()

    while tried < most and not over.is_set():
        try:
            line = connect(sources[tried % len(sources)])
        except OSError:
            drop(0.05)
            continue
        tried += 1
        open_[line.fileno()] = line
        poll.register(line.fileno(), select.EPOLLIN | select.EPOLLRDHUP)
        if tried % 50 == 0:
            drop(0)
            told.value = tried
    while not over.is_set():
        drop(0.1)
    told.value = tried


def slow(over, told):
    """A thousand heads a byte at a time; whoever is cut comes again."""
    lines = collections.deque()
    while not over.is_set():
        if len(lines) < 1000:
            lines.append(connect("127.0.0.2"))
            lines[-1].sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nx-slow: ")
            told.value += 1
            continue
        line = lines.popleft()
        try:
            line.sendall(b"s")
            lines.append(line)
            time.sleep(0.001)
        except OSError:
            line.close()


def forge():
    body = "archal_ws_" + "".join(random.choices(string.digits + string.ascii_lowercase, k=12)) + "_" + "".join(random.choices(BASE62, k=32))
    crc, digits = zlib.crc32(body.encode()), ""
    for _ in range(6):
        crc, digit = divmod(crc, 62)
        digits = BASE62[digit] + digits
    return body + digits


def forged(path, over, told, source):
    """A third of FORGED tokens a second from one address, every other with a wrong checksum; 20 requests at a time on one connection."""
    batches = [b"".join(head(path, forge() if i % 2 else forge()[:-1] + "_") for i in range(20)) for _ in range(100)]
    line, start, sent = connect(source), time.monotonic(), 0
    while not over.is_set():
        time.sleep(max(0, start + sent / (FORGED / 3) - time.monotonic()))
        line.sendall(batches[sent // 20 % 100])
        ends = 0
        while ends < 20:
            ends += line.recv(1 << 20).count(b"HTTP/1.1 4")
        sent += 20
        told.value = sent


def large(path, over, told):
    """Heads of 64 KiB, one after another, each on a connection of its own because it is closed."""
    while not over.is_set():
        with connect("127.0.0.2") as line:
            try:
                line.sendall(head(path, "t", f"x-large: {'h' * 65536}\r\n"))
                told.value += answer(line)[0] == 431
            except (OSError, TypeError):
                pass  # Closed before it was read.
