# Two commands do everything: `make run` runs the main example, `make test` all tests. `make peers` compares speed with
# other tools. Each installs OpenBLAS from the system's packages first, where it is missing.

.PHONY: run test bench peers lint openblas

# One thread: tests are many and small, and OpenBLAS' threads would spin against each other.
export OPENBLAS_NUM_THREADS ?= 1

run: openblas
	cargo run --release -p cotangent-repl -- run examples/digits.cot

test: openblas
	cargo test --workspace

bench: openblas
	cargo bench --bench '*'

peers: openblas
	benches/peers/run

lint: openblas
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --workspace

openblas:
	@scripts/install-openblas
