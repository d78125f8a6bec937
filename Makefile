# SPDX-License-Identifier: Apache-2.0
# vsock-notify. "make help" lists the targets. All output goes to build/.

CC      ?= cc
PREFIX  ?= /usr/local
BINDIR  ?= $(PREFIX)/bin
LIBDIR  ?= $(PREFIX)/lib
INCLUDEDIR ?= $(PREFIX)/include
MANDIR  ?= $(PREFIX)/share/man
DESTDIR ?=
BUILD   ?= build

CFLAGS   ?= -O2 -g
HARDENING = -fstack-protector-strong -fstack-clash-protection -fPIE
WARNINGS  = -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
            -Wpointer-arith -Wvla -Wformat=2 -Werror
# _FORTIFY_SOURCE wants optimisation; check-asan turns it off.
FORTIFY   = -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
ALL_CFLAGS  = -std=c17 -D_GNU_SOURCE $(CFLAGS) $(FORTIFY) $(HARDENING) $(WARNINGS) -MMD -MP
ALL_LDFLAGS = $(LDFLAGS) -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed

SHIM_SOURCES   := $(sort $(wildcard vsock-notify/shim/*.c))
NOTIFY_SOURCES := $(sort $(wildcard vsock-notify/plugins/notify/*.c))

SHIM_OBJECTS   := $(patsubst %.c,$(BUILD)/obj/%.o,$(filter-out %/plugin_dir.c,$(SHIM_SOURCES)))
NOTIFY_OBJECTS := $(patsubst %.c,$(BUILD)/obj/%.o,$(NOTIFY_SOURCES))

PLUGINS := $(BUILD)/plugins/notify.so

.PHONY: all
all: $(BUILD)/vsock-notify $(PLUGINS) ## build the program and its plugins in build/

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(NOTIFY_OBJECTS): ALL_CFLAGS += -fPIC -fvisibility=hidden

# The same program twice, but for where it looks for plugins: beside itself in the tree, or installed.
$(BUILD)/obj/plugin_dir_tree.o: PLUGIN_DIR = $$ORIGIN/plugins
$(BUILD)/obj/plugin_dir_installed.o: PLUGIN_DIR = $(LIBDIR)/vsock-notify
$(BUILD)/obj/plugin_dir_%.o: vsock-notify/shim/plugin_dir.c Makefile
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -DPLUGIN_DIR='"$(PLUGIN_DIR)"' -c -o $@ $<

$(BUILD)/vsock-notify: $(SHIM_OBJECTS) $(BUILD)/obj/plugin_dir_tree.o
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -pie -o $@ $^

$(BUILD)/plugins/%.so:
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -shared -Wl,-z,defs -o $@ $^

$(BUILD)/plugins/notify.so: $(NOTIFY_OBJECTS)

-include $(SHIM_OBJECTS:.o=.d) $(NOTIFY_OBJECTS:.o=.d)
