/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The credential vmm.notify_socket, systemd(1): where the guest's PID 1 reports to. It travels as an
 * SMBIOS type 11 string or on the kernel command line (systemd-creds(1), systemd.system-credentials(7)).
 * Pure functions.
 */
#ifndef CREDENTIAL_H
#define CREDENTIAL_H

#include <stddef.h>
#include <stdint.h>

#define CREDENTIAL_OEM_PREFIX     "io.systemd.credential:vmm.notify_socket="
#define CREDENTIAL_CMDLINE_PREFIX "systemd.set_credential=vmm.notify_socket:"

/* The address that a guest uses for the host, by hybrid vsock: CID 2, streams only. */
#define CREDENTIAL_ADDRESS_FORMAT "vsock-stream:2:%u"

enum credential_found {
	CREDENTIAL_ABSENT,
	CREDENTIAL_USABLE,   /* *port is where the guest will connect */
	CREDENTIAL_DATAGRAM, /* vsock: and others that need more than streams: can never work */
	CREDENTIAL_UNKNOWN   /* of another form; it is its owner's business */
};

/* Looks at one SMBIOS string. */
enum credential_found credential_in_oem_string(const char *text, size_t length, uint32_t *port);

/* Looks for it among the words of a kernel command line. */
enum credential_found credential_in_cmdline(const char *cmdline, uint32_t *port);

#endif
