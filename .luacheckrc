-- What Wireshark gives its Lua scripts, beside what the standard libraries of 5.2 and 5.4 share.
std = "min"
read_globals = {
  "Dissector", "DissectorTable", "Field", "NSTime", "Pref", "Proto", "ProtoExpert", "ProtoField", "TreeItem", "Tvb",
  "TvbRange", "UInt64", "base", "bit", "browser_open_url", "expert", "ftypes", "get_version", "gui_enabled", "register_menu",
  "register_postdissector",
}
