/**
 * Captures as stories: a text script describes what happens to each packet on its path, and a
 * generator writes the capture of each point. The grammar is in {@code README.md} in this folder.
 *
 * <p>Start with {@link org.mssbridge.script.PacketScript}; {@link
 * org.mssbridge.script.CaptureTransform} rewrites any capture so that laws can be checked on it.
 */
package org.mssbridge.script;
