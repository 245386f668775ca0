/**
 * The Model Context Protocol on standard input and output, so that an assistant can compare
 * captures: JSON-RPC 2.0, one message a line. It reads only below folders that the user allows, and
 * writes nothing. {@code McpServer} is the door; {@code Tools} are what it offers, {@code
 * AllowedFolders} what it reads, {@code BoundedJson} keeps results small.
 */
package org.mssbridge.mcp;
