/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints the plugin header as the machine sees it: each member's place and size, each constant's
 * value. What the frozen header prints, every later one must print too.
 */
#include "vsock-notify-plugin.h"

#include <stdio.h>

#define MEMBER(type, member)                                                  \
	printf(#type "." #member " %zu %zu\n", offsetof(struct type, member), \
	       sizeof(((struct type *)0)->member))
#define CONSTANT(name) printf(#name " %d\n", (int)(name))

static void print_plugin(void)
{
	MEMBER(vsn_plugin, name);
	MEMBER(vsn_plugin, version);
	MEMBER(vsn_plugin, description);
	MEMBER(vsn_plugin, config_help);
	MEMBER(vsn_plugin, open);
	MEMBER(vsn_plugin, config);
	MEMBER(vsn_plugin, start);
	MEMBER(vsn_plugin, peek);
	MEMBER(vsn_plugin, message);
	MEMBER(vsn_plugin, timer);
	MEMBER(vsn_plugin, stop);
	MEMBER(vsn_plugin, close);
	MEMBER(vsn_registration, abi_version);
	MEMBER(vsn_registration, plugin_size);
	MEMBER(vsn_registration, plugin);
	printf("sizeof vsn_plugin %zu\n", sizeof(struct vsn_plugin));
	printf("VSN_REGISTRATION_SYMBOL %s\n", VSN_REGISTRATION_SYMBOL);
}

static void print_host(void)
{
	MEMBER(vsn_host, struct_size);
	MEMBER(vsn_host, abi_version);
	MEMBER(vsn_host, version);
	MEMBER(vsn_host, log);
	MEMBER(vsn_host, send);
	MEMBER(vsn_host, barrier);
	MEMBER(vsn_host, set_timer);
	MEMBER(vsn_message, struct_size);
	MEMBER(vsn_message, reserved);
	MEMBER(vsn_message, id);
	MEMBER(vsn_message, now_usec);
	MEMBER(vsn_message, text);
	MEMBER(vsn_message, length);
}

int main(void)
{
	print_plugin();
	print_host();
	CONSTANT(VSN_LOG_ERROR);
	CONSTANT(VSN_LOG_WARNING);
	CONSTANT(VSN_LOG_INFO);
	CONSTANT(VSN_LOG_DEBUG);
	CONSTANT(VSN_VERDICT_NONE);
	CONSTANT(VSN_VERDICT_PATIENT);
	CONSTANT(VSN_VERDICT_BRIEF);
	CONSTANT(VSN_VERDICT_COMPLETE);
	CONSTANT(VSN_SEND_STATE);
	CONSTANT(VSN_SEND_PROGRESS);
	return 0;
}
