.PHONY: demo test test-all test-cluster test-release test-deb simulate fuzz bench install release lab

# Compares the captures of the first example
demo:
	@.ci/demo

# Runs everything that CI runs
test:
	@.ci/test

# The same with the slow tests, and every law on every case
test-all:
	@.ci/test-all

# Compares 500 pairs on a real cluster of Spark on this machine, and kills a worker meanwhile
test-cluster:
	@.ci/test-cluster

# Builds the release twice, compares the bytes, and tries archive and packages in clean roots of Debian (needs root)
test-release:
	@.ci/test-release

# The last part of it, on what is in target/release
test-deb:
	@.ci/test-deb

# Joins the keys of 20 million made-up connections in 20,000 captures, and counts what is found
simulate:
	@.ci/simulate

# Reads mutated captures with and without the sieve for MINUTES (60)
fuzz:
	@MINUTES="$(MINUTES)" .ci/fuzz

# Measures time and memory. SCALE=0.1: a tenth of the connections; ROWS='bulk short': some rows
SCALE ?=
ROWS ?=
PAIRS ?=
bench:
	@$(if $(SCALE),SCALE="$(SCALE)") $(if $(ROWS),ROWS="$(ROWS)") $(if $(PAIRS),PAIRS="$(PAIRS)") .ci/bench

# Installs for this user: the program below PREFIX (~/.local), then runs mssbridge install
install:
	@PREFIX="$(PREFIX)" .ci/install

# Makes archives, packages, SBOM and checksums of the committed tree in target/release
release:
	@.ci/release

# Makes captures with known truth in target/lab, with network namespaces (needs root)
lab:
	@examples/lab/run $(ARGS)
