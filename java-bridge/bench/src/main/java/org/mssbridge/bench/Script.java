package org.mssbridge.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.SplittableRandom;

/** What happens in a connection. */
enum Script {
  /** A short request over TLS. */
  REQUEST {
    @Override
    void play(Exchange exchange) {
      openTls(exchange);
      SplittableRandom random = exchange.random();
      int rounds = random.nextInt(1, 3);
      for (int i = 0; i < rounds; i++) {
        request(exchange, random.nextInt(80, 500));
        answer(exchange, random.nextInt(40, 800));
        if (random.nextBoolean()) {
          exchange.clientAcknowledges();
        }
      }
      closeTls(exchange);
    }
  },

  /** A request over HTTP and its answer. */
  HTTP {
    @Override
    void play(Exchange exchange) {
      exchange.open();
      http(exchange);
      exchange.close(exchange.random().nextBoolean());
    }
  },

  /** A connection that is reset when the client has its answer, or when the server had enough. */
  RESET {
    @Override
    void play(Exchange exchange) {
      exchange.open();
      http(exchange);
      exchange.clientAcknowledges();
      exchange.pauseUs(exchange.random().nextInt(100, 50_000));
      exchange.reset(exchange.random().nextInt(3) > 0);
    }
  },

  REFUSED {
    @Override
    void play(Exchange exchange) {
      exchange.refused(exchange.random().nextInt(3) == 0 ? 3 : 1);
    }
  },

  UNANSWERED {
    @Override
    void play(Exchange exchange) {
      SplittableRandom random = exchange.random();
      exchange.unanswered(random.nextInt(1, 5), random.nextInt(3) > 0);
    }
  },

  /** Some requests over TLS, tens of segments in all. */
  SESSION {
    @Override
    void play(Exchange exchange) {
      openTls(exchange);
      SplittableRandom random = exchange.random();
      int rounds = random.nextInt(4, 10);
      for (int i = 0; i < rounds; i++) {
        request(exchange, random.nextInt(100, 900));
        answer(exchange, random.nextInt(300, 2600));
        exchange.clientAcknowledges();
        exchange.pauseUs(random.nextInt(10_000, 400_000));
      }
      closeTls(exchange);
    }
  },

  /** A download of about a hundred segments, one in eight an upload. */
  TRANSFER {
    @Override
    void play(Exchange exchange) {
      transfer(exchange, 2, 40_000);
    }
  },

  /** The same with some hundreds of segments. */
  LARGE_TRANSFER {
    @Override
    void play(Exchange exchange) {
      transfer(exchange, 5, 57_500);
    }
  },

  /** Many small requests, minutes apart from end to end. */
  LONG_LIVED {
    @Override
    void play(Exchange exchange) {
      openTls(exchange);
      for (int i = 0; i < 20; i++) {
        request(exchange, exchange.random().nextInt(100, 1200));
        answer(exchange, exchange.random().nextInt(500, 4000));
        exchange.clientAcknowledges();
        exchange.pauseUs(exchange.random().nextInt(1_000_000, 5_000_000));
      }
      closeTls(exchange);
    }
  },

  HALF_OPEN {
    @Override
    void play(Exchange exchange) {
      exchange.halfOpen();
    }
  };

  private static final int MAX_THINKING_US = 40_000;

  /** The certificate and what goes with it; a resumed session has none. */
  private static final int CERTIFICATE_BYTES = 1700;

  abstract void play(Exchange exchange);

  int serverPort() {
    return this == HTTP || this == RESET ? 80 : 443;
  }

  private static void openTls(Exchange exchange) {
    SplittableRandom random = exchange.random();
    exchange.open();
    boolean old = random.nextInt(8) == 0;
    Tls tls = new Tls(random, !old && random.nextInt(3) == 0);
    exchange
        .clientContent()
        .append(tls.clientHello("host" + random.nextInt(5000) + ".example.com"));
    exchange.clientSends();
    exchange.pauseUs(random.nextInt(200, 3000));
    Content server = exchange.serverContent();
    if (old) {
      server.append(tls.resumingServerHello());
    } else {
      server.append(tls.serverHello());
      Tls.appendData(server, random.nextInt(5) < 2 ? CERTIFICATE_BYTES : 120);
    }
    exchange.serverSends();
    exchange.pauseUs(random.nextInt(200, 2000));
    Content client = exchange.clientContent();
    client.append(tls.changeCipherSpec());
    if (old) {
      client.append(tls.encryptedFinished());
    } else {
      Tls.appendData(client, 36);
    }
  }

  private static void transfer(Exchange exchange, int rounds, int meanBytes) {
    openTls(exchange);
    SplittableRandom random = exchange.random();
    boolean upload = random.nextInt(8) == 0;
    for (int i = 0; i < rounds; i++) {
      int bytes = meanBytes + random.nextInt(-7500, 7500);
      request(exchange, upload ? bytes : random.nextInt(100, 700));
      answer(exchange, upload ? random.nextInt(100, 700) : bytes);
      exchange.clientAcknowledges();
      exchange.pauseUs(random.nextInt(50_000, 500_000));
    }
    closeTls(exchange);
  }

  private static void closeTls(Exchange exchange) {
    boolean clientFirst = exchange.random().nextInt(3) > 0;
    if (clientFirst) {
      Tls.appendData(exchange.clientContent(), 2); // The alert "close notify".
      exchange.clientSends();
    }
    exchange.close(clientFirst);
  }

  private static void request(Exchange exchange, int bytes) {
    Tls.appendData(exchange.clientContent(), bytes);
    exchange.clientSends();
    think(exchange);
  }

  private static void answer(Exchange exchange, int bytes) {
    Tls.appendData(exchange.serverContent(), bytes);
    exchange.serverSends();
  }

  private static void think(Exchange exchange) {
    if (exchange.random().nextInt(3) == 0) {
      exchange.serverAcknowledges();
    }
    exchange.pauseUs(exchange.random().nextInt(300, MAX_THINKING_US));
  }

  private static void http(Exchange exchange) {
    SplittableRandom random = exchange.random();
    int item = random.nextInt(1_000_000);
    exchange
        .clientContent()
        .append(
            ascii(
                "GET /item/"
                    + item
                    + " HTTP/1.1\r\nHost: host"
                    + random.nextInt(5000)
                    + ".example.com\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\n\r\n"));
    exchange.clientSends();
    think(exchange);
    String body =
        "{\"item\": " + item + ", \"state\": \"" + "ok ".repeat(random.nextInt(150)) + "\"}\n";
    exchange
        .serverContent()
        .append(
            ascii(
                "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Type: application/json\r\n"
                    + "Content-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body));
    exchange.serverSends();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(US_ASCII);
  }
}
