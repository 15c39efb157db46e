# make fuzz: gzverify's checks under libFuzzer (clang) for FUZZ_SECONDS. The
# corpus in tests/fuzz/corpus/ is only read; what is found goes to $(O)/fuzz/.

FUZZ_SECONDS ?= 60
FUZZ_O = $(O)/fuzz
FUZZ_SANITIZE = -fsanitize=address,undefined

fuzz:
	$(MAKE) --no-print-directory CC=clang O=$(FUZZ_O) CFLAGS='-O1 -g' \
		EXTRA_CFLAGS='-fsanitize=fuzzer-no-link $(FUZZ_SANITIZE)' \
		$(FUZZ_O)/lib.a
	@mkdir -p $(FUZZ_O)/found $(FUZZ_O)/tmp
	$(call Q,LINK)clang $(ALL_CFLAGS) -I. -O1 -fsanitize=fuzzer \
		$(FUZZ_SANITIZE) -o $(FUZZ_O)/fuzz_check \
		tests/fuzz/fuzz_check.c $(FUZZ_O)/lib.a $(LIBS)
	TMPDIR=$(FUZZ_O)/tmp $(FUZZ_O)/fuzz_check -max_len=4096 \
		-max_total_time=$(FUZZ_SECONDS) -print_final_stats=1 \
		-artifact_prefix=$(FUZZ_O)/ $(FUZZ_O)/found tests/fuzz/corpus/check

.PHONY: fuzz
