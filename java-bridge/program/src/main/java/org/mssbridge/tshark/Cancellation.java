package org.mssbridge.tshark;

import java.util.ArrayList;
import java.util.List;

/** Ends the processes of a comparison together: when one fails, the others have no use. */
public final class Cancellation {
  private final List<Runnable> actions = new ArrayList<>();
  private boolean cancelled;

  /** Ends what runs now and what will be started later. */
  public synchronized void cancel() {
    cancelled = true;
    actions.forEach(Runnable::run);
    actions.clear();
  }

  /** Adds what is to be done on cancelling; done at once where that has happened already. */
  synchronized void onCancel(Runnable action) {
    if (cancelled) {
      action.run();
    } else {
      actions.add(action);
    }
  }
}
