/**
 * Captures as stories: a text script says what happened to each packet on its way, and a generator
 * writes the capture of each capture point. The grammar is in {@code README.md} beside this file.
 *
 * <p>{@link org.mssbridge.script.PacketScript} is the door; {@link
 * org.mssbridge.script.CaptureTransform} rewrites any capture so that laws can be checked on it.
 */
package org.mssbridge.script;
