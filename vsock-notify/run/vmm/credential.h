/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credential vmm.notify_socket, systemd(1), which tells the guest's PID 1 where to report. It reaches the guest as an
 * SMBIOS type 11 string or on the kernel command line (systemd-creds(1), systemd.system-credentials(7)). Pure functions.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

#define CREDENTIAL_OEM_PREFIX     "io.systemd.credential:vmm.notify_socket="
#define CREDENTIAL_CMDLINE_PREFIX "systemd.set_credential=vmm.notify_socket:"

/* The host's address for a guest: CID 2. Hybrid vsock carries streams only. */
#define CREDENTIAL_ADDRESS_FORMAT "vsock-stream:2:%u"

enum credential_found {
	CREDENTIAL_ABSENT,
	CREDENTIAL_USABLE, /* the guest will connect to *port */
	CREDENTIAL_DATAGRAM, /* "vsock:" or another form that needs more than streams: it never works */
	CREDENTIAL_UNKNOWN /* any other address: the guest reports to something else */
};

/* Looks for the credential in one SMBIOS string. */
enum credential_found credential_in_oem_string(const char *text, size_t length, uint32_t *port);

/* Looks for the credential among the words of a kernel command line. */
enum credential_found credential_in_cmdline(const char *cmdline, uint32_t *port);

#endif
