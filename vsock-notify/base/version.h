/* SPDX-License-Identifier: Apache-2.0 */
/* The version of this release: --version prints it, and plugins get it. NEWS has the same. */
#ifndef VERSION_H
#define VERSION_H

#define VSOCK_NOTIFY_VERSION "0.1.0"

#endif
