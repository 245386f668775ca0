/** Builds the page of a case. */
(() => {
  const { el, byId, append, printable } = Dom;

  append(byId("tool"), ["mssbridge case " + Case.file]);
  append(byId("verdict"), [Case.pairs + "; " + Case.extent]);
  append(byId("verdict").parentNode, [Case.remarks.map((remark) => el("p", { class: "hint" }, "Note: " + remark))]);
  document.title = printable("mssbridge: " + Case.file);
  CaseTables.boundaries();
  CaseTables.times();
  CaseTables.sentAgain();
  ChangesView.draw();
  CaseTables.pairs();
  CaseTables.duplicates();
  CaseTables.runs();
})();
