/** The data that the program wrote into the page of a case. */
const Case = (() => {
  const parse = (id) => JSON.parse(document.getElementById(id).textContent);

  return { ...parse("case"), rows: parse("rows") };
})();
