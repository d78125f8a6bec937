/* SPDX-License-Identifier: Apache-2.0 */
/* A tiny guest that speaks sd_notify over vsock: from the loader to the script. */
#include <stdint.h>

#include "clock.h"
#include "cmdline.h"
#include "power.h"
#include "script.h"
#include "serial.h"
#include "vsock_link.h"

/* what a PVH loader hands over (Xen's public/arch-x86/hvm/start_info.h), as far as it is used */
#define HVM_START_MAGIC 0x336ec578
struct hvm_start_info {
	uint32_t magic;
	uint32_t version;
	uint32_t flags;
	uint32_t nr_modules;
	uint64_t modlist_paddr;
	uint64_t cmdline_paddr;
};

/* called by start.S */
_Noreturn void guest_main(const struct hvm_start_info *info);

void guest_main(const struct hvm_start_info *info)
{
	const char *cmdline = (const char *)(uintptr_t)info->cmdline_paddr;
	const char *error;

	serial_start();
	if (info->magic != HVM_START_MAGIC)
		power_fail("not started by", "a PVH loader");
	/* by the protocol, address 0 means that there is no command line */
	if (!cmdline_start(cmdline ? cmdline : ""))
		power_fail("too long:", "the command line");
	error = script_check();
	if (error)
		power_fail("unknown word", error);
	clock_start();
	if (!vsock_link_start(&error))
		power_fail("vsock:", error);
	script_run();
}
