-- What Wireshark provides to Lua scripts, in addition to what the standard libraries of 5.2 and 5.4 share.
std = "min"
read_globals = {
  "apply_filter", "Dir", "Dissector", "DissectorTable", "Field", "Listener", "MENU_TOOLS_UNSORTED", "NSTime", "Pref", "Proto", "ProtoExpert",
  "ProtoField", "TextWindow", "TreeItem", "Tvb", "TvbRange", "UInt64", "base", "bit", "bit32", "browser_open_url", "expert",
  "ftypes", "get_version", "gui_enabled", "loadstring", "new_dialog", "open_capture_file", "register_menu", "register_packet_menu",
  "register_postdissector", "retap_packets", "set_filter",
}
