package org.mssbridge.bench;

import java.util.SplittableRandom;

/** A pair of captures to measure with. */
enum Workload {
  /** About a million packets a side and 1.3 GB, in 4,008 connections. */
  BULK(4008, 5000, 1000, 16) {
    @Override
    Script script(SplittableRandom random) {
      return Script.LARGE_TRANSFER;
    }
  },

  /**
   * About 1.5 million packets a side and 0.55 GB, in 100,000 connections: the mix of real traffic.
   */
  SHORT(100_000, 2000, 1000, 2) {
    @Override
    Script script(SplittableRandom random) {
      return mixed(random);
    }
  },

  /** A million half-open connections: a SYN from a new address and a SYN/ACK each. */
  FLOOD(1_000_000, 20, 0, 2) {
    @Override
    Script script(SplittableRandom random) {
      return Script.HALF_OPEN;
    }
  },

  /** About 1,000 packets a side. */
  PAIR(60, 20_000, 1000, 2) {
    @Override
    Script script(SplittableRandom random) {
      return mixed(random);
    }
  },

  /** A pair of a batch, about 200 packets a side. */
  SMALL(13, 20_000, 1000, 2) {
    @Override
    Script script(SplittableRandom random) {
      return mixed(random);
    }
  },

  /** About a million packets a side in 10,000 connections that are all open at once. */
  INTERLEAVED(10_000, 50, 1000, 2) {
    @Override
    Script script(SplittableRandom random) {
      return Script.LONG_LIVED;
    }
  };

  private final int connections;
  private final int gapUs;
  private final int perLoss;
  private final int segmentsPerAck;

  Workload(int connections, int gapUs, int perLoss, int segmentsPerAck) {
    this.connections = connections;
    this.gapUs = gapUs;
    this.perLoss = perLoss;
    this.segmentsPerAck = segmentsPerAck;
  }

  abstract Script script(SplittableRandom random);

  int connections() {
    return connections;
  }

  /** The mean time from a connection to the next. */
  int gapUs() {
    return gapUs;
  }

  /** One packet of so many is lost; 0 for none. */
  int perLoss() {
    return perLoss;
  }

  /** Offload makes receivers of much data acknowledge seldom. */
  int segmentsPerAck() {
    return segmentsPerAck;
  }

  /** 60 % short requests, 30 % tiny, 9 % tens of segments, 1 % bulk. */
  private static Script mixed(SplittableRandom random) {
    int percent = random.nextInt(100);
    if (percent < 60) {
      return Script.REQUEST;
    } else if (percent < 72) {
      return Script.HTTP;
    } else if (percent < 79) {
      return Script.RESET;
    } else if (percent < 85) {
      return Script.REFUSED;
    } else if (percent < 90) {
      return Script.UNANSWERED;
    } else if (percent < 99) {
      return Script.SESSION;
    }
    return Script.TRANSFER;
  }
}
