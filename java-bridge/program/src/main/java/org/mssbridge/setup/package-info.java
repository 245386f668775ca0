/**
 * Puts the post-dissector, the menu, the profile and the extcap where a Wireshark looks for them,
 * takes them away again, and says what of an installation is missing or too old.
 *
 * <p>A {@code Piece} is one file and its place; {@code InstalledFiles} is the manifest that
 * remembers what was put and its digest.
 *
 * <p>Promises:
 *
 * <ul>
 *   <li>A file that this program did not put, or that was changed since, is never touched: it is
 *       reported as left, with the reason.
 *   <li>Installing twice does nothing the second time; uninstalling leaves no file of ours.
 *   <li>Where Wireshark looks is asked of its own tshark, not guessed.
 * </ul>
 *
 * <p>{@link org.mssbridge.setup.Installer} and {@link org.mssbridge.setup.Doctor} are the doors.
 */
package org.mssbridge.setup;
