# SPDX-License-Identifier: Apache-2.0
# vsock-notify. "make help" lists the targets. All output goes to build/.

MAKEFLAGS += --no-builtin-rules

CC         ?= cc
PREFIX     ?= /usr/local
BINDIR     ?= $(PREFIX)/bin
LIBDIR     ?= $(PREFIX)/lib
LIBEXECDIR ?= $(PREFIX)/libexec
INCLUDEDIR ?= $(PREFIX)/include
MANDIR     ?= $(PREFIX)/share/man
UNITDIR    ?= $(PREFIX)/lib/systemd/system
CATALOGDIR ?= $(PREFIX)/lib/systemd/catalog
# with LIBDIR, as plugins are: what a package names is of one architecture
PKGCONFIGDIR      ?= $(LIBDIR)/pkgconfig
BASHCOMPLETIONDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHCOMPLETIONDIR  ?= $(PREFIX)/share/zsh/site-functions
FISHCOMPLETIONDIR ?= $(PREFIX)/share/fish/vendor_completions.d
DESTDIR    ?=
BUILD      ?= build
PKG_CONFIG ?= pkg-config
CFLAGS     ?= -O2 -g

WARNINGS  = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wvla -Wformat=2 -Werror
HARDENING = -fstack-protector-strong -fstack-clash-protection
FORTIFY   = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2

ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE -Ivsock-notify $(CPPFLAGS) $(CFLAGS) $(FORTIFY) $(HARDENING) -fPIC $(WARNINGS) -MMD -MP
ALL_LDFLAGS = $(LDFLAGS) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed

objects = $(patsubst %.c,$(BUILD)/obj/%.o,$(sort $(wildcard $(1))))

# One archive a folder, without the files that have a main(), and without paths.c, which is compiled for each place.
# docs/architecture.md says which folder may use which.
FOLDERS := base cli state guest manager pluginhost bridge confine serve run run/vmm show show/status show/wait show/timeline \
           completion plugins/notify
archives = $(foreach folder,$(1),$(BUILD)/lib/$(subst /,-,$(folder)).a)
folder_objects = $(filter-out %_main.o %/base/paths.o,$(call objects,vsock-notify/$(1)/*.c))

# In the order in which a linker wants them: each before those that it uses.
BRIDGE_ARCHIVES := $(call archives,bridge guest pluginhost manager confine state cli base)
RUN_ARCHIVES    := $(call archives,run run/vmm) $(BRIDGE_ARCHIVES)
SHOW_ARCHIVES   := $(call archives,show/status show/wait show/timeline show state cli base)

NOTIFY_OBJECTS := $(call objects,vsock-notify/plugins/notify/*.c)
PLUGINS        := $(BUILD)/plugins/notify.so
COMPLETIONS    := $(addprefix $(BUILD)/completions/,vsock-notify _vsock-notify vsock-notify.fish)
PROGRAMS       := $(BUILD)/vsock-notify $(BUILD)/vsock-notify-run $(BUILD)/vsock-notify-show $(BUILD)/vsock-notify-filter

# The libvirt plugin, where libvirt's headers are; LIBVIRT=yes or no decides otherwise.
LIBVIRT ?= $(shell $(PKG_CONFIG) --exists libvirt libxml-2.0 2>/dev/null && echo yes || echo no)
LIBVIRT_PLUGINS   := $(BUILD)/plugins/libvirt.so $(BUILD)/installed/libvirt.so
LIBVIRT_PROGRAM   := $(BUILD)/vsock-notify-libvirt
ifeq ($(LIBVIRT),yes)
PLUGINS           += $(BUILD)/plugins/libvirt.so
PROGRAMS          += $(LIBVIRT_PROGRAM)
INSTALLED_LIBVIRT := 644:LIBDIR/vsock-notify:$(BUILD)/installed/libvirt.so 755:LIBEXECDIR:$(LIBVIRT_PROGRAM)
endif

.PHONY: all
all: $(PROGRAMS) $(PLUGINS) $(COMPLETIONS) ## build the program, its plugins and completions

.PHONY: help
help: ## list the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  \1\t\2/p' Makefile | expand -t 20

$(BUILD)/obj/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# What the product is held to in conversions is noise in its tests.
$(BUILD)/obj/tests/%.o: WARNINGS += -Wno-conversion -Wno-sign-conversion

define archive_of_folder
$(call archives,$(1)): $(call folder_objects,$(1))
endef
$(foreach folder,$(FOLDERS),$(eval $(call archive_of_folder,$(folder))))
$(BUILD)/lib/%.a:
	@mkdir -p $(@D)
	@rm -f $@
	$(AR) rcs $@ $^

# A plugin exports its registration and nothing else, of the archives that it is linked with nothing at all.
$(NOTIFY_OBJECTS): ALL_CFLAGS += -fvisibility=hidden

# The same programs twice, but for where they look for each other: in the tree, or installed.
$(BUILD)/obj/paths_tree.o: PATHS = -DPLUGIN_DIR='"$$ORIGIN/plugins"' -DRUN_PROGRAM='"$$ORIGIN/vsock-notify-run"' \
                                   -DSHOW_PROGRAM='"$$ORIGIN/vsock-notify-show"' \
                                   -DFILTER_PROGRAM='"$$ORIGIN/vsock-notify-filter"'
$(BUILD)/obj/paths_installed.o: PATHS = -DPLUGIN_DIR='"$(LIBDIR)/vsock-notify"' \
                                        -DRUN_PROGRAM='"$(LIBEXECDIR)/vsock-notify-run"' \
                                        -DSHOW_PROGRAM='"$(LIBEXECDIR)/vsock-notify-show"' \
                                        -DFILTER_PROGRAM='"$(LIBEXECDIR)/vsock-notify-filter"'
$(BUILD)/obj/paths_%.o: vsock-notify/base/paths.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(PATHS) -c -o $@ $<

# Made anew only where an installation's folders are others than last time.
INSTALLED_PATHS = $(PREFIX) $(BINDIR) $(LIBDIR) $(LIBEXECDIR) $(INCLUDEDIR)
$(BUILD)/obj/paths_installed.o: $(BUILD)/obj/installed_paths
$(BUILD)/obj/installed_paths: FORCE
	@$(NAME_FOLDERS) bash vsock-notify/packaging/install.sh check PREFIX $(INSTALLED_FOLDERS)
	@mkdir -p $(@D)
	@echo '$(INSTALLED_PATHS)' | cmp -s - $@ || echo '$(INSTALLED_PATHS)' >$@

.PHONY: FORCE
FORCE:

main_object = $(BUILD)/obj/vsock-notify/$(1)_main.o

# "vsock-notify run" is a program of its own, so that "serve" does not carry the JSON library.
$(BUILD)/vsock-notify: $(call main_object,serve/serve) $(BUILD)/obj/paths_tree.o $(call archives,serve) $(BRIDGE_ARCHIVES)
$(BUILD)/installed/vsock-notify: $(call main_object,serve/serve) $(BUILD)/obj/paths_installed.o $(call archives,serve) $(BRIDGE_ARCHIVES)
$(BUILD)/vsock-notify-run: $(call main_object,run/run) $(BUILD)/obj/paths_tree.o $(RUN_ARCHIVES)
$(BUILD)/installed/vsock-notify-run: $(call main_object,run/run) $(BUILD)/obj/paths_installed.o $(RUN_ARCHIVES)
$(BUILD)/vsock-notify-run $(BUILD)/installed/vsock-notify-run: LIBS = $$($(PKG_CONFIG) --libs libcjson)

# "status", "wait" and "timeline" are one program of their own: it uses that library, too.
$(BUILD)/vsock-notify-show: $(call main_object,show/main/show) $(SHOW_ARCHIVES)
$(BUILD)/vsock-notify-show: LIBS = $$($(PKG_CONFIG) --libs libcjson)

# The program that makes the seccomp filters uses libseccomp, and ends.
$(BUILD)/vsock-notify-filter: $(call main_object,confine/filter)
$(BUILD)/vsock-notify-filter: LIBS = $$($(PKG_CONFIG) --libs libseccomp)

$(PROGRAMS) $(BUILD)/installed/vsock-notify $(BUILD)/installed/vsock-notify-run:
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -pie -o $@ $^ $(LIBS)

$(BUILD)/plugins/notify.so: $(NOTIFY_OBJECTS) $(call archives,base)
$(BUILD)/plugins/%.so $(BUILD)/installed/%.so:
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -Wl,-z,defs -Wl,--exclude-libs,ALL -o $@ $^

# The libvirt plugin knows where its program is: in the tree, or installed.
LIBVIRT_OBJECTS := $(filter-out %/program_path.o,$(call objects,vsock-notify/plugins/libvirt/*.c))
RPC_OBJECTS     := $(call objects,vsock-notify/plugins/libvirt/rpc/*.c) $(filter %/slot.o,$(LIBVIRT_OBJECTS))
$(LIBVIRT_OBJECTS): ALL_CFLAGS += -fvisibility=hidden

$(BUILD)/obj/libvirt_tree.o: LIBVIRT_PATH = $$ORIGIN/../vsock-notify-libvirt
$(BUILD)/obj/libvirt_installed.o: LIBVIRT_PATH = $(LIBEXECDIR)/vsock-notify-libvirt
$(BUILD)/obj/libvirt_installed.o: $(BUILD)/obj/installed_paths
$(BUILD)/obj/libvirt_%.o: vsock-notify/plugins/libvirt/program_path.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -fvisibility=hidden -DLIBVIRT_PROGRAM='"$(LIBVIRT_PATH)"' -c -o $@ $<

$(BUILD)/plugins/libvirt.so: $(BUILD)/obj/libvirt_tree.o
$(BUILD)/installed/libvirt.so: $(BUILD)/obj/libvirt_installed.o
$(LIBVIRT_PLUGINS): $(LIBVIRT_OBJECTS) $(call archives,state base)
$(call objects,vsock-notify/plugins/libvirt/rpc/*.c tests/unit/test_libvirt_*.c): ALL_CFLAGS += $$($(PKG_CONFIG) --cflags libvirt libxml-2.0)
$(LIBVIRT_PROGRAM): $(RPC_OBJECTS) $(call archives,state base)
$(LIBVIRT_PROGRAM): LIBS = $$($(PKG_CONFIG) --libs libvirt libxml-2.0)

# What completes command lines in shells, made from the tables of options.
$(BUILD)/completions/vsock-notify: FOR_SHELL = bash
$(BUILD)/completions/_vsock-notify: FOR_SHELL = zsh
$(BUILD)/completions/vsock-notify.fish: FOR_SHELL = fish
$(COMPLETIONS): $(BUILD)/obj/completion $(wildcard vsock-notify/completion/common.*)
	@mkdir -p $(@D)
	cat vsock-notify/completion/common.$(FOR_SHELL) >$@.new
	$< $(FOR_SHELL) >>$@.new
	mv $@.new $@

$(BUILD)/obj/completion: $(call main_object,completion/completion) $(BUILD)/obj/paths_tree.o \
                         $(call archives,completion serve run run/vmm show/status show/wait show/timeline show) $(BRIDGE_ARCHIVES)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs libcjson)

# ---- what the tests run ------------------------------------------------------------------------

UNIT_TESTS := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,$(sort $(wildcard tests/unit/test_*.c)))
UNIT_SHARED := $(filter-out $(BUILD)/obj/tests/unit/test_%,$(call objects,tests/unit/*.c))
PRODUCT_ARCHIVES := $(call archives,serve run run/vmm show/status show/wait show/timeline show plugins/notify) $(BRIDGE_ARCHIVES)

# The libvirt plugin's want its libraries.
LIBVIRT_UNIT_TESTS := $(filter $(BUILD)/tests/unit/test_libvirt_%,$(UNIT_TESTS))
LIBVIRT_UNIT_OBJECTS := $(filter-out %/main.o,$(RPC_OBJECTS)) $(filter %/program_start.o,$(LIBVIRT_OBJECTS))
ifneq ($(LIBVIRT),yes)
UNIT_TESTS := $(filter-out $(LIBVIRT_UNIT_TESTS),$(UNIT_TESTS))
endif
$(LIBVIRT_UNIT_TESTS): $(LIBVIRT_UNIT_OBJECTS)
$(LIBVIRT_UNIT_TESTS): UNIT_LIBS = libvirt libxml-2.0

$(UNIT_TESTS): $(BUILD)/tests/unit/%: $(BUILD)/obj/tests/unit/%.o $(UNIT_SHARED) $(BUILD)/obj/paths_tree.o $(PRODUCT_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $$($(PKG_CONFIG) --libs check libcjson $(UNIT_LIBS))

# A host that watches its guests by libvirt: the example of docs/libvirt.md.
$(BUILD)/tests/watch-fleet: $(call objects,tests/libvirt/watch-fleet.c)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $$($(PKG_CONFIG) --libs libvirt libxml-2.0)
$(BUILD)/obj/tests/libvirt/watch-fleet.o: ALL_CFLAGS += $$($(PKG_CONFIG) --cflags libvirt libxml-2.0)

$(BUILD)/tests/notify-sink: $(call objects,tests/tools/notify-sink*.c)
$(BUILD)/tests/stand-in: $(call objects,tests/backend/*.c)
# A timeline of a state file, without the search for the file.
$(BUILD)/tests/timeline/show: $(BUILD)/obj/tests/timeline/show.o $(call archives,show/timeline show state base)
# The plan of a launch line.
$(BUILD)/tests/launch/plan: $(BUILD)/obj/tests/launch/plan.o $(BUILD)/obj/paths_tree.o $(RUN_ARCHIVES)
$(BUILD)/tests/launch/plan: TEST_LIBS = $$($(PKG_CONFIG) --libs libcjson)
$(BUILD)/tests/%:
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -pthread -o $@ $^ $(TEST_LIBS) -lm

TEST_PROGRAMS := $(BUILD)/tests/notify-sink $(BUILD)/tests/stand-in $(BUILD)/tests/timeline/show $(BUILD)/tests/launch/plan

BENCH_PROGRAMS := $(addprefix $(BUILD)/tests/bench/,floor client hold launch start)
$(BENCH_PROGRAMS): $(BUILD)/tests/bench/%: $(BUILD)/obj/tests/bench/%.o

# The tiny guest: 32 bits without a system, in the 64-bit container that VMMs want.
GUEST_OBJECTS := $(patsubst tests/guest/%,$(BUILD)/guest/%.o,$(sort $(wildcard tests/guest/*.c tests/guest/*.S)))
GUEST_TARGET  := $(if $(findstring clang,$(CC)),--target=i686-unknown-none-elf,-m32)
GUEST_CFLAGS  := $(GUEST_TARGET) -march=i686 -mgeneral-regs-only -std=c11 -O2 -ffreestanding -fno-pic \
                 -fno-stack-protector -fno-asynchronous-unwind-tables -fcf-protection=none \
                 -Wall -Wextra -Wshadow -Wconversion -Werror -MMD -MP

$(BUILD)/guest/%.o: tests/guest/% Makefile
	@mkdir -p $(@D)
	$(CC) $(GUEST_CFLAGS) -c -o $@ $<

$(BUILD)/guest/guest.elf: tests/guest/guest.ld $(GUEST_OBJECTS)
	$(LD) -m elf_i386 -T tests/guest/guest.ld -nostdlib -static --build-id=none --fatal-warnings \
		--no-warn-rwx-segments -o $(BUILD)/guest/guest32.elf $(GUEST_OBJECTS)
	$(OBJCOPY) -I elf32-i386 -O elf64-x86-64 $(BUILD)/guest/guest32.elf $@

OBJCOPY ?= objcopy

-include $(shell find $(BUILD)/obj $(BUILD)/guest -name '*.d' 2>/dev/null)

# ---- fuzzing -----------------------------------------------------------------------------------

# Each target twice: with replay.c, for any compiler, and with libFuzzer. The product's archives come last, so that a
# target may have a function of its own in place of one of the product's.
FUZZ_TARGETS := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_SHARED  := $(filter-out %/replay.o $(BUILD)/obj/tests/fuzz/fuzz_%.o,$(call objects,tests/fuzz/*.c))
FUZZ_REPLAY  := $(addprefix $(BUILD)/tests/fuzz/,$(FUZZ_TARGETS))
FUZZ_LIBFUZZER := $(addprefix $(BUILD)/tests/libfuzzer/,$(FUZZ_TARGETS))

$(FUZZ_REPLAY): $(BUILD)/tests/fuzz/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o
$(FUZZ_LIBFUZZER): $(BUILD)/tests/libfuzzer/%: $(BUILD)/obj/tests/fuzz/fuzz_%.o
$(FUZZ_LIBFUZZER): FUZZ_LDFLAGS = -fsanitize=fuzzer
$(FUZZ_REPLAY) $(FUZZ_LIBFUZZER): $(FUZZ_SHARED) $(BUILD)/obj/paths_tree.o $(PRODUCT_ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(FUZZ_LDFLAGS) $(ALL_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $$($(PKG_CONFIG) --libs libcjson)

# Not "address" alone: a leak, an overflow of a number and a false bool are findings too.
FUZZ_CFLAGS = -O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all

# ---- tests -------------------------------------------------------------------------------------

# Each with what it is for; need.sh installs what is missing.
BUILD_PACKAGES = gcc:"compiles it" libc6-dev:"the C library's headers" pkg-config:"finds libraries" \
                 libcjson-dev:"JSON, for the launch wrapper" \
                 libseccomp-dev:"makes seccomp filters"
CHECK_PACKAGES = $(BUILD_PACKAGES) check:"libcheck, the unit tests" \
                 g++:"the plugin header is C++ too" \
                 binutils:"nm, and the tiny guest's container" \
                 libxml2-utils:"reads the timeline's pictures" \
                 libvirt-dev:"the libvirt plugin" libxml2-dev:"the libvirt plugin" \
                 jq:"reads JSON" \
                 mandoc:"lints the manual page" groff-base:"lints the manual page" \
                 bash-completion:"completes in bash" zsh:"completes by itself" fish:"completes by itself" \
                 qemu-system-x86:"boots the tiny guest" socat:"speaks to VMMs' API sockets"

DEB_PACKAGES = $(BUILD_PACKAGES) dpkg-dev:"builds packages" debhelper:"builds packages" pkgconf:"finds libraries" \
               check:"libcheck, the unit tests" libvirt-dev:"the libvirt plugin" libxml2-dev:"the libvirt plugin"

export BUILD CC

.PHONY: test-programs
test-programs: demo-programs $(UNIT_TESTS) $(FUZZ_REPLAY)

# Without VMMs, and of use with sanitizers too.
FAST_SCRIPTS = tests/fuzz/test-corpora.sh tests/abi/test-abi.sh tests/abi/test-notify.sh \
               $(addprefix tests/cli/test-,cli.sh run.sh lost.sh away.sh state.sh status.sh wait.sh) \
               tests/timeline/test-timeline.sh tests/backend/test-stand-in.sh tests/launch/test-lines.sh
CHECK_SCRIPTS = $(FAST_SCRIPTS) $(addprefix tests/cli/test-,install.sh manual.sh completion.sh docs.sh) \
                tests/package/test-plugin.sh tests/package/test-tree.sh tests/package/test-includes.sh tests/confine/test-confine.sh tests/chaos/test-chaos.sh \
                tests/libvirt/test-libvirt.sh tests/vmm/test-vmm.sh tests/vmm/test-launch.sh tests/launch/test-own-parser.sh

.PHONY: check
check: ## run the tests: units, ABI, command line, stand-in VMMs, the tiny guest under QEMU
	@tests/tools/need.sh "make check" $(CHECK_PACKAGES)
	@$(MAKE) -s --no-print-directory test-programs
	@tests/run-tests.sh $(UNIT_TESTS) $(CHECK_SCRIPTS)

.PHONY: check-units
check-units: $(UNIT_TESTS) ## the unit tests alone, which need no more than a compiler and libcheck
	@tests/run-tests.sh $(UNIT_TESTS)

.PHONY: check-deb
check-deb: ## the Debian packages: built, linted, installed in a Debian, upgraded, purged (as root)
	@tests/tools/need.sh "make check-deb" $(DEB_PACKAGES) lintian:"Debian's policy" systemd-container:"a Debian to install in"
	@T=600 tests/run-tests.sh tests/package/test-deb.sh

.PHONY: check-timeline
check-timeline: ## the timeline's pictures as Chromium lays them out, in light and dark (the package is 300 MB)
	@tests/tools/need.sh "make check-timeline" $(BUILD_PACKAGES) chromium:"lays pictures out" fonts-dejavu-core:"a wide font"
	@$(MAKE) -s --no-print-directory $(BUILD)/tests/timeline/show
	@tests/run-tests.sh tests/timeline/test-chromium.sh

.PHONY: check-guest
check-guest: ## a real Debian guest under QEMU: boot, 60 systemd-notify, shutdown, on an idle and a busy host
	@tests/tools/need.sh "make check-guest" $(BUILD_PACKAGES)
	@$(MAKE) -s --no-print-directory all $(TEST_PROGRAMS)
	@T=1500 tests/run-tests.sh tests/real-guest/test-real-guest.sh

.PHONY: check-linux
check-linux: ## Linux guests in CLOUD_HYPERVISOR="PATH..." and FIRECRACKER="PATH...", on an emulated host with KVM (15 minutes a VMM)
	@tests/tools/need.sh "make check-linux" $(BUILD_PACKAGES)
	@$(MAKE) -s --no-print-directory installed
	@T=14400 tests/run-tests.sh tests/linux-guest/test-linux-guest.sh

.PHONY: check-libvirt
check-libvirt: ## the libvirt plugin and a real libvirtd that is killed, stopped and started again meanwhile
	@tests/tools/need.sh "make check-libvirt" $(BUILD_PACKAGES) libvirt-dev:"the libvirt plugin" libxml2-dev:"the libvirt plugin" \
		libvirt-daemon:"a libvirtd to kill" libvirt-daemon-driver-qemu:"its qemu driver" libvirt-clients:"virsh" \
		qemu-system-x86:"a domain's process"
	@$(MAKE) -s --no-print-directory all $(TEST_PROGRAMS) $(BUILD)/tests/bench/client $(BUILD)/tests/watch-fleet
	@T=600 tests/run-tests.sh tests/libvirt/test-libvirtd.sh

.PHONY: check-host
check-host: ## the launch wrapper in units of a real systemd, in a container (as root)
	@tests/tools/need.sh "make check-host" $(BUILD_PACKAGES) systemd-container:"the host in a container" \
		qemu-system-x86:"boots the tiny guest"
	@$(MAKE) -s --no-print-directory demo-programs
	@T=1500 tests/run-tests.sh tests/host/test-host.sh

SANITIZE = -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all

.PHONY: check-asan
check-asan: ## the tests but for VMMs with AddressSanitizer and UndefinedBehaviorSanitizer
	@tests/tools/need.sh "make check-asan" $(CHECK_PACKAGES)
	@$(MAKE) -s --no-print-directory BUILD=$(BUILD)/asan CFLAGS="$(SANITIZE)" FORTIFY= check-fast

.PHONY: check-fast
check-fast: all $(TEST_PROGRAMS) $(UNIT_TESTS) $(FUZZ_REPLAY)
	@COUNT=2000 tests/run-tests.sh $(UNIT_TESTS) $(FAST_SCRIPTS)

.PHONY: check-valgrind
check-valgrind: ## the unit tests and a run of the shim in valgrind
	@tests/tools/need.sh "make check-valgrind" $(CHECK_PACKAGES) valgrind:"memory errors and leaks"
	@$(MAKE) -s --no-print-directory all $(TEST_PROGRAMS) $(UNIT_TESTS)
	@T=1200 tests/run-tests.sh tests/valgrind/test-valgrind.sh

.PHONY: check-patches
check-patches: ## the patches for other projects: each can be sent; where trees or builds are named, applied and tried
	@tests/tools/need.sh "make check-patches" $(BUILD_PACKAGES) git:"reads patches"
	@$(MAKE) -s --no-print-directory demo-programs
	@T=1500 tests/run-tests.sh tests/patches/check-patches.sh tests/patches/test-patched.sh tests/patches/test-microvm.sh

.PHONY: check-nix
check-nix: ## the Nix files: parsed, evaluated, the module's units held against systemd and vm@.service
	@tests/tools/need.sh "make check-nix" $(BUILD_PACKAGES) check:"libcheck, the package's checks" nix-bin:"evaluates them" \
		jq:"reads what comes out" systemd:"systemd-analyze, reads the units"
	@$(MAKE) -s --no-print-directory all $(TEST_PROGRAMS)
	@tests/run-tests.sh tests/nix/check-nix.sh

.PHONY: chaos
chaos: ## bad guests beside a good one: all of the attacks, with the times that are promised (5 minutes, an idle machine)
	@tests/tools/need.sh "make chaos" $(BUILD_PACKAGES)
	@$(MAKE) -s --no-print-directory all $(TEST_PROGRAMS)
	@CHAOS=long T=1500 VERBOSE=1 tests/run-tests.sh tests/chaos/test-chaos.sh

.PHONY: fuzz
fuzz: ## fuzz what reads strangers' bytes, FUZZ_SECONDS (600) for each target
	@tests/tools/need.sh "make fuzz" $(BUILD_PACKAGES) clang:"libFuzzer's compiler" libclang-rt-dev:"libFuzzer"
	@$(MAKE) -s --no-print-directory BUILD=$(BUILD)/fuzz CC=clang CFLAGS="$(FUZZ_CFLAGS)" FORTIFY= fuzz-programs
	@BUILD=$(BUILD)/fuzz tests/fuzz/fuzz.sh $(FUZZ_TARGETS)

.PHONY: fuzz-programs
fuzz-programs: $(FUZZ_LIBFUZZER)

.PHONY: fuzz-replay-programs
fuzz-replay-programs: $(FUZZ_REPLAY)

.PHONY: demo-programs
demo-programs: all $(TEST_PROGRAMS) $(BUILD)/guest/guest.elf

.PHONY: demo
demo: ## boot a guest under the best VMM there is and show what becomes of its notifications
	@tests/tools/need.sh "make demo" $(BUILD_PACKAGES) binutils:"links the guest"
	@$(MAKE) -s --no-print-directory demo-programs
	@tests/demo/demo.sh

.PHONY: bench
bench: ## compare with the C floor and socat: time held, CPU, memory (a table; nothing fails)
	@tests/tools/need.sh "make bench" $(BUILD_PACKAGES) socat:"what it is compared with"
	@$(MAKE) -s --no-print-directory demo-programs $(BENCH_PROGRAMS)
	@GUEST_ELF=$(BUILD)/guest/guest.elf tests/bench/bench.sh

.PHONY: lint
lint: ## formatting, shell scripts, static analysis, manual page
	@tests/lint.sh

C_FILES = $(shell git ls-files '*.c' '*.h' 2>/dev/null)

.PHONY: fmt
fmt: ## format the C files
	clang-format -i $(C_FILES)

# ---- installation ------------------------------------------------------------------------------

# All that is installed, for install and uninstall alike: MODE:FOLDER:FILE, FOLDER beginning with a variable's name.
INSTALLED_FOLDERS = BINDIR LIBDIR LIBEXECDIR INCLUDEDIR MANDIR UNITDIR CATALOGDIR PKGCONFIGDIR BASHCOMPLETIONDIR ZSHCOMPLETIONDIR FISHCOMPLETIONDIR
INSTALLED = 755:BINDIR:$(BUILD)/installed/vsock-notify \
	755:LIBEXECDIR:$(BUILD)/installed/vsock-notify-run \
	755:LIBEXECDIR:$(BUILD)/vsock-notify-show \
	755:LIBEXECDIR:$(BUILD)/vsock-notify-filter \
	$(addprefix 644:LIBDIR/vsock-notify:,$(filter-out %/libvirt.so,$(PLUGINS))) $(INSTALLED_LIBVIRT) \
	644:INCLUDEDIR:vsock-notify/include/vsock-notify-plugin.h \
	644:PKGCONFIGDIR:$(BUILD)/installed/vsock-notify-plugin.pc \
	$(foreach page,$(sort $(wildcard docs/*.[1-8])) $(UNIT_PAGES),644:MANDIR/man$(patsubst .%,%,$(suffix $(page))):$(page)) \
	$(addprefix 644:UNITDIR:$(BUILD)/installed/units/,$(notdir $(sort $(wildcard vsock-notify/systemd/*)))) \
	644:CATALOGDIR:vsock-notify/catalog/vsock-notify.catalog \
	644:BASHCOMPLETIONDIR:$(BUILD)/completions/vsock-notify \
	644:ZSHCOMPLETIONDIR:$(BUILD)/completions/_vsock-notify \
	644:FISHCOMPLETIONDIR:$(BUILD)/completions/vsock-notify.fish

# vm@.service(8) by the other units' names
UNIT_PAGES := $(addprefix $(BUILD)/installed/man/,vsock-notify@.service.8 vsock-notify@.socket.8)
$(UNIT_PAGES):
	@mkdir -p $(@D)
	echo '.so man8/vm@.service.8' >$@

$(BUILD)/installed/units/%: vsock-notify/systemd/% $(BUILD)/obj/installed_paths Makefile
	@mkdir -p $(@D)
	sed 's|^ExecStart=vsock-notify|ExecStart=$(BINDIR)/vsock-notify|' $< >$@

version_of = $(shell sed -nE 's/^.define $(1) "?([^"]*)"?$$/\1/p' $(2))
$(BUILD)/installed/vsock-notify-plugin.pc: vsock-notify/packaging/vsock-notify-plugin.pc.in vsock-notify/base/version.h \
		vsock-notify/include/vsock-notify-plugin.h $(BUILD)/obj/installed_paths Makefile
	@mkdir -p $(@D)
	sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(LIBDIR))|' \
		-e 's|@INCLUDEDIR@|$(patsubst $(PREFIX)/%,$${prefix}/%,$(INCLUDEDIR))|' \
		-e 's|@VERSION@|$(call version_of,VSOCK_NOTIFY_VERSION,vsock-notify/base/version.h)|' \
		-e 's|@ABI@|$(call version_of,VSN_ABI_VERSION,vsock-notify/include/vsock-notify-plugin.h)|' $< >$@

.PHONY: installed
installed: $(foreach entry,$(INSTALLED),$(lastword $(subst :, ,$(entry)))) ## build what is installed

NAME_FOLDERS = $(foreach folder,PREFIX $(INSTALLED_FOLDERS),$(folder)='$($(folder))')
do_install = DESTDIR='$(DESTDIR)' $(NAME_FOLDERS) \
	bash vsock-notify/packaging/install.sh $@ $(BUILD)/installed-folders $(INSTALLED)

.PHONY: install
install: installed ## install below DESTDIR and PREFIX
	@$(do_install)

.PHONY: uninstall
uninstall: ## remove what install put there
	@$(do_install)

.PHONY: deb
deb: ## build the Debian packages, in build/deb
	@tests/tools/need.sh "make deb" $(DEB_PACKAGES)
	@vsock-notify/packaging/make-deb.sh $(BUILD)/deb

.PHONY: clean
clean: ## remove what was built; what was downloaded for tests stays (build/debian, build/real-guest)
	rm -rf $(BUILD)/obj $(BUILD)/lib $(BUILD)/tests $(BUILD)/guest $(BUILD)/plugins $(BUILD)/installed $(BUILD)/completions $(BUILD)/deb $(BUILD)/asan $(BUILD)/fuzz/obj $(BUILD)/fuzz/tests $(PROGRAMS)
