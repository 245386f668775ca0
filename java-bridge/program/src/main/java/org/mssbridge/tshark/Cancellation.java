package org.mssbridge.tshark;

import java.util.ArrayList;
import java.util.List;

/** Ends all processes of a comparison together, because when one fails, the others are useless. */
public final class Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean cancelled;

  /** Ends the processes that are running and any that are started later. */
  public synchronized void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
    actions.clear();
  }

  /** Adds an action to run on cancellation; it runs at once if that has happened already. */
  synchronized void onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    } else {
      actions.add(action);
    }
  }
}
