# The same commands for a newcomer, a developer and CI; each installs what it lacks.
PRESET ?= dev
PORT ?= 8080
export CMAKE_BUILD_PARALLEL_LEVEL ?= $(shell nproc)
# Where tests have their scratch folders: in memory, if there is room, since nobody pulls a plug while they run.
SCRATCH = $(shell [ "$$(df --output=avail /dev/shm 2>/dev/null | tail -1)" -gt 4000000 ] 2>/dev/null && echo /dev/shm || echo /tmp)

export LSAN_OPTIONS ?= suppressions=$(CURDIR)/cmake/leaks.txt:print_suppressions=0

.PRECIOUS: build/%/build.ninja
.PHONY: build demo run test bench format lint setup

build/%/build.ninja:
	cmake --preset $* >/dev/null

build-%: build/%/build.ninja
	@ninja -C build/$* $(TARGETS)

demo:
	@scripts/setup build
	@$(MAKE) --no-print-directory build-release TARGETS=odeon
	@build/release/odeon demo --out demo-out examples/feeds/*.xml

run:
	@scripts/setup build
	@$(MAKE) --no-print-directory build-release TARGETS=odeon
	@build/release/odeon serve --config examples/odeon.toml --port $(PORT)

test:
	@scripts/setup build test
	@$(MAKE) --no-print-directory build-$(PRESET)
	@TMPDIR=$(SCRATCH) ctest --test-dir build/$(PRESET) --output-on-failure -j$(shell expr 3 \* $$(nproc) / 2)

bench:
	@scripts/setup build bench
	@$(MAKE) --no-print-directory build-release TARGETS=benchmarks
	@bench/run

format:
	@scripts/setup lint
	@git ls-files '*.cpp' '*.hpp' '*.ipp' | xargs clang-format-19 -i

lint:
	@scripts/setup build lint
	@scripts/lint
