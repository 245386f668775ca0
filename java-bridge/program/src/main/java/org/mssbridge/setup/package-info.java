/**
 * Installs the post-dissector, the menu, the profile and the extcap in the folders where a
 * Wireshark looks for them, uninstalls them, and checks which parts of an installation are missing
 * or outdated.
 *
 * <p>A {@code Piece} is one file with its source and target; {@code InstalledFiles} is the manifest
 * of the installed files and their digests.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li>A file that this program did not install, or that was changed since, is never touched; it
 *       is reported with the reason.
 *   <li>Installing twice does nothing the second time; uninstalling leaves no unchanged file of
 *       this program.
 *   <li>Wireshark's folders are read from its own tshark, not guessed.
 * </ul>
 *
 * <p>{@link org.mssbridge.setup.Installer} and {@link org.mssbridge.setup.Doctor} are the entry
 * points.
 */
package org.mssbridge.setup;
