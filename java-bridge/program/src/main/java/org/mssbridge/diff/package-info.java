/**
 * Compares two reports, such as those of a good day and a bad one, or from before and after a
 * change. {@link org.mssbridge.diff.SavedReport} reads what {@code --json} wrote, {@link
 * org.mssbridge.diff.ReportDiff} compares, and {@link org.mssbridge.diff.DiffText} and {@link
 * org.mssbridge.diff.DiffJson} say what differs. A finding that one report lacks is only missing
 * there: where that report has too few connections or segments to show it, this is said.
 */
package org.mssbridge.diff;
