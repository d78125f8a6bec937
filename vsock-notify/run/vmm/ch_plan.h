/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parts of the plan for cloud-hypervisor: plan_cloud_hypervisor.c puts them together, ch_options.c reads and changes
 * options, ch_credential.c has the credential, ch_restore.c a VM that comes from a snapshot.
 *
 * Read in cloud-hypervisor 52.0 and 53.0, cloud-hypervisor/src/main.rs. If the command line has a payload (--kernel,
 * --firmware or --igvm), a VM is booted and --restore is ignored; otherwise --restore counts; otherwise the VMM waits for its
 * API. Without a payload the VMM refuses every option of a VM, such as --vsock and --platform. An option that is given twice is
 * refused, except for those that take several values (--disk, --net ...). There are no abbreviations.
 */
#ifndef CH_PLAN_H
#define CH_PLAN_H

#include "plan_common.h"

/* CID of the guest if the command line names none. */
#define CH_DEFAULT_CID 3

/* Whether the command line starts a VM. */
bool ch_boots(const struct vmm_request *request);

/* Whether the guest is told by SMBIOS, and not on its kernel command line. */
bool ch_wants_oem_string(const struct vmm_request *request);

/* Adds an option, or replaces the value of one in the spelling that the user chose. Return 0 or -ENOMEM. */
int ch_add_option(struct vmm_plan *plan, const char *name, const char *value);
int ch_set_value(struct vmm_plan *plan, const char *name, const struct vmm_option *option,
                 const char *value);

/* Refuses an option without a value, or with a value that cannot be parsed. */
int ch_check_value(const char *name, const struct vmm_option *option, struct failure *failure);

/* Sees to it that the guest of a VM that is booted is told where to report. Returns 0 or a negative errno. */
int ch_complete_credential(const struct vmm_request *request, struct vmm_plan *plan,
                           struct failure *failure);

/* Finds the vsock socket of a VM that is restored, and where its guest reports. Returns 0 or a negative errno. */
int ch_plan_restore(const struct vmm_request *request, struct vmm_plan *plan,
                    struct failure *failure);

/* The path of the snapshot's config.json, from --restore. The caller frees it. NULL: no file of this host, or no memory. */
char *ch_restore_file(const struct vmm_option *option);

/* Whether a value is true: "on" or "true" in any case (struct Toggle in option_parser/src/lib.rs). */
bool ch_is_on(const char *options, const char *key);

#endif
