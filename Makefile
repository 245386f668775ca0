.PHONY: demo test test-all bench install lab

# Compares the first example's captures
demo:
	@.ci/demo

# Everything CI runs
test:
	@.ci/test

# The same with the slow tests, and every law on every case
test-all:
	@.ci/test-all

# Time and memory
bench:
	@.ci/bench

# For this user: the program below PREFIX (~/.local), and mssbridge install
install:
	@PREFIX="$(PREFIX)" .ci/install

# Captures with known truth, made with network namespaces (root): target/lab
lab:
	@examples/lab/run $(ARGS)
