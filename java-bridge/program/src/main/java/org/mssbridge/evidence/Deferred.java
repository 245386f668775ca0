package org.mssbridge.evidence;

import java.util.function.Supplier;

/**
 * What only some reports need: computed when it is first asked for, once, whichever thread asks.
 */
final class Deferred<T> {
  private final Supplier<T> source;
  private T value;

  Deferred(Supplier<T> source) {
    this.source = source;
  }

  synchronized T get() {
    if (value == null) {
      value = source.get();
    }
    return value;
  }
}
