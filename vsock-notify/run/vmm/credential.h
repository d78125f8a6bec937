/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credential vmm.notify_socket, systemd(1), which tells the guest's PID 1 where to report (systemd-creds(1),
 * systemd.system-credentials(7)). The guest's systemd looks for it in this order and takes the first one that it can decode
 * (systemd 254 to 262, src/core/import-creds.c):
 *
 *   QEMU's fw_cfg     opt/io.systemd.credentials/vmm.notify_socket
 *   SMBIOS type 11    io.systemd.credential:vmm.notify_socket=ADDRESS
 *                     io.systemd.credential.binary:vmm.notify_socket=BASE64
 *   command line      systemd.set_credential=vmm.notify_socket:ADDRESS
 *                     systemd.set_credential_binary=vmm.notify_socket:BASE64
 *
 * In a confidential guest (AMD SEV; Intel TDX before systemd 262) it does not look at the first two, because the host could
 * forge them. Pure
 * functions.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CREDENTIAL_NAME           "vmm.notify_socket"
#define CREDENTIAL_OEM_PREFIX     "io.systemd.credential:" CREDENTIAL_NAME "="
#define CREDENTIAL_CMDLINE_PREFIX "systemd.set_credential=" CREDENTIAL_NAME ":"
#define CREDENTIAL_FW_CFG         "opt/io.systemd.credentials/" CREDENTIAL_NAME

/* The host's address for a guest: CID 2. Hybrid vsock carries streams only. */
#define CREDENTIAL_ADDRESS_FORMAT "vsock-stream:2:%u"

enum credential_found {
	CREDENTIAL_ABSENT,
	CREDENTIAL_USABLE, /* the guest will connect to *port */
	CREDENTIAL_DATAGRAM, /* "vsock:" or another form that needs more than streams: it never works */
	CREDENTIAL_LINE_END, /* a usable address and a line break behind it: systemd refuses it */
	CREDENTIAL_UNKNOWN   /* any other address: the guest reports to something else */
};

/* Reads the credential's value: an address as in sd_notify(3). Never CREDENTIAL_ABSENT. */
enum credential_found credential_in_value(const char *text, size_t length, uint32_t *port);

/* Looks for the credential in one SMBIOS string. */
enum credential_found credential_in_oem_string(const char *text, size_t length, uint32_t *port);

/* Looks for the credential among the words of a kernel command line (kernel_word.h). */
enum credential_found credential_in_cmdline(const char *cmdline, uint32_t *port);

/* Whether the kernel command line says systemd.import_credentials=no: the guest's systemd takes no credential then. */
bool credential_is_forbidden(const char *cmdline);

#endif
