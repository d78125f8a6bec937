/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of run/vmm_plan_cloud_hypervisor: real command lines, and the whole of what each becomes. */
#include "plan_fixture.h"

/* ---- command lines --------------------------------------------------------------------------- */

#define BOOT     "/usr/bin/cloud-hypervisor|--cpus|boot=2|--memory|size=1G|--kernel|/boot/vmlinux"
#define VSOCK    "|--vsock|cid=3,socket=/run/vm/vsock"
#define STRING   "io.systemd.credential:vmm.notify_socket=vsock-stream:2:1234"
#define WORD     "systemd.set_credential=vmm.notify_socket:vsock-stream:2:1234"
#define PLATFORM "|--platform|oem_strings=[" STRING "]"
#define EVENTS   "|--event-monitor|fd=7"
#define PRIVATE  "|--vsock|cid=3,socket=" FIXTURE_SOCKET

/* As microvm.nix writes it. */
#define MICROVM                                                                               \
	"cloud-hypervisor|--cpus|boot=1|--watchdog|--kernel|/nix/store/x-linux/bzImage|"      \
	"--initramfs|/nix/store/x-initrd/initrd|--cmdline|console=ttyS0 reboot=t panic=-1 "   \
	"root=fstab init=/nix/store/x/init|--seccomp|true|--memory|mergeable=on,shared=on,"   \
	"size=512M|--console|null|--serial|tty|--disk|path=/nix/store/x.erofs,readonly=on|"   \
	"path=var.img|--net|fd=[12],mac=02:00:00:00:00:01,num_queues=2|--api-socket|vm.sock|" \
	"--vsock|cid=10,socket=notify.vsock|--platform|oem_strings=[io.systemd.credential:"   \
	"vmm.notify_socket=vsock-stream:2:8888]"

static const struct plan_row vsocks[] = {
	{.words = BOOT VSOCK, .result = BOOT VSOCK PLATFORM EVENTS, .vsock = "/run/vm/vsock"},
	{.words = BOOT "|--vsock=cid=3,socket=/run/vm/vsock",
         .result = BOOT "|--vsock=cid=3,socket=/run/vm/vsock" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT "|--vsock|socket=sub/vsock,cid=9,iommu=on,id=v",
         .result = BOOT "|--vsock|socket=sub/vsock,cid=9,iommu=on,id=v" PLATFORM EVENTS,
         .vsock = "sub/vsock"},
	{.words = BOOT "|--vsock|cid=3,socket=\"/run/a,b/\"\"v\"\"\"",
         .result = BOOT "|--vsock|cid=3,socket=\"/run/a,b/\"\"v\"\"\"" PLATFORM EVENTS,
         .vsock = "/run/a,b/\"v\""},
	{.words = BOOT "|--vsock|cid=3,socket=first,socket=last",
         .result = BOOT "|--vsock|cid=3,socket=first,socket=last" PLATFORM EVENTS,
         .vsock = "last"},
	{.words = BOOT, .result = BOOT PRIVATE PLATFORM EVENTS, .vsock = FIXTURE_SOCKET},
	{.words = BOOT,
         .own_vsock = "mine",
         .result = BOOT "|--vsock|cid=3,socket=mine" PLATFORM EVENTS,
         .vsock = "mine"},
	{.words = BOOT,
         .own_vsock = "/run/a,b",
         .result = BOOT "|--vsock|cid=3,socket=\"/run/a,b\"" PLATFORM EVENTS,
         .vsock = "/run/a,b"},
	{.words = BOOT,
         .own_vsock = "/run/[a]\"b",
         .result = BOOT "|--vsock|cid=3,socket=\"/run/[a]\"\"b\"" PLATFORM EVENTS,
         .vsock = "/run/[a]\"b"},
	{.words = BOOT VSOCK,
         .own_vsock = "/run/vm/vsock",
         .result = BOOT VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK, .own_vsock = "mine", .failure = "--vsock=mine, but the VMM's own"},
	{.words = BOOT "|--vsock", .failure = "the VMM's --vsock has no value"},
	{.words = BOOT "|--vsock|cid=3", .failure = "names no socket=PATH"},
	{.words = BOOT "|--vsock|cid=3,socket=", .failure = "names no socket=PATH"},
	{.words = BOOT "|--vsock|cid=3,socket=\"\"", .failure = "names no socket=PATH"},
	{.words = BOOT "|--vsock|cid=3,socket", .failure = "names no socket=PATH"},
	{.words = BOOT "|--vsock=", .failure = "names no socket=PATH"},
	{.words = BOOT "|--vsock|cid=3,socket=[v", .failure = "a '[' is not closed"},
	{.words = BOOT "|--vsock|cid=3,socket=\"v", .failure = "a quote is not closed"},
};

static const struct plan_row platforms[] = {
	/* Other keys and other strings stay, in their order. */
	{.words = BOOT VSOCK "|--platform|num_pci_segments=2,uuid=u",
         .result =
                 BOOT VSOCK "|--platform|num_pci_segments=2,uuid=u,oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform=uuid=u",
         .result = BOOT VSOCK "|--platform=uuid=u,oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|serial_number=s,oem_strings=[a,b=c],uuid=u",
         .result = BOOT VSOCK "|--platform|serial_number=s,oem_strings=[a,b=c," STRING
                              "],uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform=oem_strings=[a]",
         .result = BOOT VSOCK "|--platform=oem_strings=[a," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[\"a,]b\",c]",
         .result = BOOT VSOCK "|--platform|oem_strings=[\"a,]b\",c," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[a[1]b,\"c\"\"d\"]",
         .result = BOOT VSOCK "|--platform|oem_strings=[a[1]b,\"c\"\"d\"," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[]",
         .result = BOOT VSOCK "|--platform|oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=,uuid=u",
         .result = BOOT VSOCK "|--platform|oem_strings=[" STRING "],uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=single,uuid=u",
         .result = BOOT VSOCK "|--platform|oem_strings=[single," STRING "],uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=\"a,b\"",
         .result = BOOT VSOCK "|--platform|oem_strings=[\"a,b\"," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|",
         .result = BOOT VSOCK "|--platform|oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform=",
         .result = BOOT VSOCK "|--platform=oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings= [a] ,uuid=u",
         .result = BOOT VSOCK "|--platform|oem_strings= [a," STRING "] ,uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	/* Of a key that comes twice the last one counts. */
	{.words = BOOT VSOCK "|--platform|oem_strings=[a],oem_strings=[b]",
         .result = BOOT VSOCK "|--platform|oem_strings=[a],oem_strings=[b," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	/* A string that is in quotes has them in the guest too: it is no credential there. */
	{.words = BOOT VSOCK "|--platform|oem_strings=[\"" STRING "\"]",
         .result = BOOT VSOCK "|--platform|oem_strings=[\"" STRING "\"," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|uuid=u",
         .port = 99,
         .result = BOOT VSOCK "|--platform|uuid=u,oem_strings=[io.systemd.credential:vmm.notify_"
                              "socket=vsock-stream:2:99]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform", .failure = "the VMM's --platform has no value"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[a,b", .failure = "a '[' is not closed"},
	{.words = BOOT VSOCK "|--platform|oem_strings=a]", .failure = "a ']' has no '['"},
	{.words = BOOT VSOCK "|--platform=oem_strings=[\"a]", .failure = "a quote is not closed"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[a,b",
         .credential = VMM_CREDENTIAL_NONE,
         .failure = "a '[' is not closed"},
};

static const struct plan_row own_credentials[] = {
	{.words = BOOT VSOCK "|--platform|oem_strings=[x," STRING "]",
         .result = BOOT VSOCK "|--platform|oem_strings=[x," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform=oem_strings=io.systemd.credential:vmm.notify_socket="
                             "vsock-stream:2:8888",
         .result = BOOT VSOCK "|--platform=oem_strings=io.systemd.credential:vmm.notify_socket="
                              "vsock-stream:2:8888" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 8888},
	{.words = BOOT VSOCK PLATFORM,
         .port = 1234,
         .result = BOOT VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK PLATFORM,
         .port = 4321,
         .failure = "--port=4321, but the guest is told port 1234 in the VMM's --platform"},
	{.words = BOOT VSOCK PLATFORM,
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline|quiet systemd.set_credential=vmm.notify_socket:vsock-"
                             "stream:2:77",
         .credential = VMM_CREDENTIAL_NONE,
         .result = BOOT VSOCK "|--cmdline|quiet systemd.set_credential=vmm.notify_socket:vsock-"
                              "stream:2:77" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	{.words = BOOT VSOCK "|--cmdline=" WORD,
         .port = 4321,
         .failure = "--port=4321, but the guest is told port 1234 in the VMM's --cmdline"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[io.systemd.credential:vmm.notify_socket="
                             "vsock:2:1234]",
         .failure = "the VMM's --platform tells the guest to report by vsock datagrams, which this "
                    "VMM "
                    "does not carry: write vsock-stream:2:PORT"},
	{.words = BOOT VSOCK "|--cmdline|systemd.set_credential=vmm.notify_socket:vsock:2:1234",
         .failure = "the VMM's --cmdline tells the guest to report by vsock datagrams"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[io.systemd.credential:vmm.notify_socket="
                             "/run/x]",
         .result = BOOT VSOCK "|--platform|oem_strings=[io.systemd.credential:vmm.notify_socket="
                              "/run/x]" EVENTS,
         .vsock = "/run/vm/vsock",
         .advice = "the VMM's --platform tells the guest to report to another address"},
	/* fuzz_plan: brackets in the user's own strings, which would hide what is added. */
	{.words = BOOT VSOCK "|--platform|oem_strings=[a]b[c]",
         .failure = "nothing can be added to the VMM's --platform oem_strings=[a]b[c]"},
	/* A whole launch command. */
	{.words = MICROVM,
         .result = MICROVM EVENTS,
         .vsock = "notify.vsock",
         .api_socket = "vm.sock",
         .follows = 8888},
	{.words = MICROVM,
         .port = 8888,
         .result = MICROVM EVENTS,
         .vsock = "notify.vsock",
         .api_socket = "vm.sock"},
};

static const struct plan_row credentials[] = {
	{.words = BOOT VSOCK,
         .credential = VMM_CREDENTIAL_OEM_STRING,
         .no_smbios = true,
         .result = BOOT VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK,
         .credential = VMM_CREDENTIAL_NONE,
         .result = BOOT VSOCK EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|uuid=u",
         .credential = VMM_CREDENTIAL_NONE,
         .result = BOOT VSOCK "|--platform|uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK,
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK,
         .no_smbios = true,
         .result = BOOT VSOCK "|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline|root=/dev/vda1 quiet",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--cmdline|root=/dev/vda1 quiet " WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline=root=/dev/vda1",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .port = 5,
         .result = BOOT VSOCK "|--cmdline=root=/dev/vda1 systemd.set_credential=vmm.notify_"
                              "socket:vsock-stream:2:5" EVENTS,
         .vsock = "/run/vm/vsock"},
	/* It is text of the kernel's, not a list: an open bracket is none of our business, but a quote takes in what follows. */
	{.words = BOOT VSOCK "|--cmdline|a=\"b c\" d=['\"'",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--cmdline|a=\"b c\" d=['\"' " WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline|a=\"b c\" d=[\"",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .failure = "nothing can be added to the VMM's --cmdline a=\"b c\" d=[\": a quote is not "
                    "closed"},
	{.words = BOOT VSOCK "|--cmdline|",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline=",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--cmdline=" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .failure = "the VMM's --cmdline has no value"},
	{.words = "cloud-hypervisor|--firmware|/usr/share/CLOUDHV.fd" VSOCK,
         .result = "cloud-hypervisor|--firmware|/usr/share/CLOUDHV.fd" VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = "cloud-hypervisor|--firmware=/usr/share/CLOUDHV.fd" VSOCK,
         .credential = VMM_CREDENTIAL_CMDLINE,
         .failure = "--credential=cmdline, but with --firmware"},
	/* Nothing that the user said is to be blamed for what was picked. */
	{.words = "cloud-hypervisor|--firmware|/usr/share/CLOUDHV.fd" VSOCK,
         .no_smbios = true,
         .failure = "--credential=none"},
	{.words = "cloud-hypervisor|--igvm|/x.igvm" VSOCK,
         .result = "cloud-hypervisor|--igvm|/x.igvm" VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
};

#define RESTORE "cloud-hypervisor|--restore|source_url=file:///snapshot"

static const struct plan_row other_ways[] = {
	/* Made by the API: said what goes into vm.create. */
	{.words = "cloud-hypervisor|--api-socket|/run/api",
         .result = "cloud-hypervisor|--api-socket|/run/api" EVENTS,
         .vsock = FIXTURE_SOCKET,
         .api_socket = "/run/api",
         .advice = "the VMM is driven by its API: put \"vsock\": {\"cid\": 3, \"socket\": "
                   "\"" FIXTURE_SOCKET "\"} and \"platform\": {\"oem_strings\": [\"" STRING
                   "\"]} into vm.create"},
	{.words = "cloud-hypervisor|--api-socket=path=/run/api",
         .own_vsock = "/run/v",
         .port = 9,
         .result = "cloud-hypervisor|--api-socket=path=/run/api" EVENTS,
         .vsock = "/run/v",
         .api_socket = "/run/api",
         .advice = "\"socket\": \"/run/v\"} and \"platform\": {\"oem_strings\": "
                   "[\"io.systemd.credential:vmm.notify_socket=vsock-stream:2:9\"]}"},
	{.words = "cloud-hypervisor|--api-socket|/run/api",
         .own_vsock = "/run/v",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = "cloud-hypervisor|--api-socket|/run/api" EVENTS,
         .vsock = "/run/v",
         .api_socket = "/run/api",
         .advice = WORD},
	/* From a snapshot. */
	{.words = RESTORE,
         .own_vsock = "/run/v",
         .result = RESTORE EVENTS,
         .vsock = "/run/v",
         .restored = true,
         .paused = true},
	{.words = "cloud-hypervisor|--restore=source_url=file:///s|--api-socket|a",
         .own_vsock = "/run/v",
         .port = 9,
         .result = "cloud-hypervisor|--restore=source_url=file:///s|--api-socket|a" EVENTS,
         .vsock = "/run/v",
         .api_socket = "a",
         .restored = true,
         .paused = true},
	{.words = RESTORE, .failure = "say where the socket is with --vsock=PATH"},
	/* The API socket, for the power button. */
	{.words = BOOT VSOCK "|--api-socket|path=/run/a",
         .result = BOOT VSOCK "|--api-socket|path=/run/a" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/a"},
	{.words = BOOT VSOCK "|--api-socket=/run/a",
         .result = BOOT VSOCK "|--api-socket=/run/a" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/a"},
	{.words = BOOT VSOCK "|--api-socket|path=\"/run/a,b\"",
         .result = BOOT VSOCK "|--api-socket|path=\"/run/a,b\"" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/a,b"},
	{.words = BOOT VSOCK "|--api-socket|fd=12",
         .result = BOOT VSOCK "|--api-socket|fd=12" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	/* What is no list of keys is a path, whatever is in it. */
	{.words = BOOT VSOCK "|--api-socket|/run/[a",
         .result = BOOT VSOCK "|--api-socket|/run/[a" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/[a"},
	{.words = BOOT VSOCK "|--api-socket", .failure = "the VMM's --api-socket has no value"},
	/* The user's own event monitor stays theirs. */
	{.words = BOOT VSOCK "|--event-monitor|path=/run/events",
         .result = BOOT VSOCK "|--event-monitor|path=/run/events" PLATFORM,
         .vsock = "/run/vm/vsock",
         .no_event_monitor = true},
	{.words = BOOT VSOCK "|--event-monitor=fd=5",
         .result = BOOT VSOCK "|--event-monitor=fd=5" PLATFORM,
         .vsock = "/run/vm/vsock",
         .no_event_monitor = true},
	/* Nothing to run at all: the VMM says so itself. */
	{.words = "cloud-hypervisor|--version",
         .result = "cloud-hypervisor|--version" EVENTS,
         .vsock = FIXTURE_SOCKET,
         .advice = "driven by its API"},
};

/* The user's own credential in the spellings of systemd's import-creds.c. */
#define BINARY_77 "io.systemd.credential.binary:vmm.notify_socket=dnNvY2stc3RyZWFtOjI6Nzc="

static const struct plan_row spellings[] = {
	{.words = BOOT VSOCK "|--platform|oem_strings=[" BINARY_77 "]",
         .result = BOOT VSOCK "|--platform|oem_strings=[" BINARY_77 "]" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	/* cloud-hypervisor leaves out blanks at the ends of the whole list. */
	{.words = BOOT VSOCK "|--platform|oem_strings=[ " STRING " ]",
         .result = BOOT VSOCK "|--platform|oem_strings=[ " STRING " ]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[a, " STRING "]",
         .result = BOOT VSOCK "|--platform|oem_strings=[a, " STRING "," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[" BINARY_77 "," STRING "]",
         .result = BOOT VSOCK "|--platform|oem_strings=[" BINARY_77 "," STRING "]" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	{.words = BOOT VSOCK
         "|--platform|oem_strings=[io.systemd.credential.binary:vmm.notify_socket="
         "dnNvY2stc3RyZWFtOjI6NzcK]",
         .failure = "has a line break at the end of the address"},
	{.words = BOOT VSOCK "|--cmdline|a=\"b c\" systemd.set-credential='vmm.notify_socket:vsock-"
                             "stream:2:77'",
         .result =
                 BOOT VSOCK "|--cmdline|a=\"b c\" systemd.set-credential='vmm.notify_socket:vsock-"
                            "stream:2:77'" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	{.words = BOOT VSOCK "|--cmdline|systemd.set_credential_binary=vmm.notify_socket:"
                             "dnNvY2stc3RyZWFtOjI6Nzc=",
         .result = BOOT VSOCK "|--cmdline|systemd.set_credential_binary=vmm.notify_socket:"
                              "dnNvY2stc3RyZWFtOjI6Nzc=" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	/* cloud-hypervisor drops all brackets around the list. */
	{.words = BOOT VSOCK "|--platform|oem_strings=[[a],b],uuid=u",
         .failure = "nothing can be added to the VMM's --platform"},
	{.words = BOOT VSOCK "|--platform|oem_strings=[[a,b]],uuid=u",
         .result = BOOT VSOCK "|--platform|oem_strings=[a,b," STRING "],uuid=u" EVENTS,
         .vsock = "/run/vm/vsock"},
	/* SMBIOS comes before the command line. */
	{.words = BOOT VSOCK "|--cmdline|" WORD "|--platform|oem_strings=[" BINARY_77 "]",
         .result = BOOT VSOCK "|--cmdline|" WORD "|--platform|oem_strings=[" BINARY_77 "]" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77},
	/* With --firmware there is no command line. */
	{.words = "cloud-hypervisor|--firmware|f|--cmdline|" WORD VSOCK,
         .result = "cloud-hypervisor|--firmware|f|--cmdline|" WORD VSOCK PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--cmdline|quiet systemd.import_credentials=no",
         .result = BOOT VSOCK "|--cmdline|quiet systemd.import_credentials=no" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .advice = "the VMM's --cmdline has systemd.import_credentials=no"},
	{.words = BOOT VSOCK "|--cmdline|quiet systemd.import_credentials=no",
         .credential = VMM_CREDENTIAL_NONE,
         .result = BOOT VSOCK "|--cmdline|quiet systemd.import_credentials=no" EVENTS,
         .vsock = "/run/vm/vsock"},
};

START_TEST(the_users_own_credential_is_known_in_every_spelling)
{
	fixture_check(&spellings[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

/* In a confidential guest systemd takes nothing from SMBIOS. */
#define CONFIDENTIAL_ADVICE "so the guest does not report: --credential=cmdline tells it"

static const struct plan_row confidential[] = {
	{.words = BOOT VSOCK "|--platform|sev_snp=on",
         .result = BOOT VSOCK "|--platform|sev_snp=on,oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock",
         .advice = "--platform sev_snp=on: the systemd of a confidential guest"},
	{.words = BOOT VSOCK "|--platform|tdx=True,oem_strings=[" BINARY_77 "]",
         .result = BOOT VSOCK "|--platform|tdx=True,oem_strings=[" BINARY_77 "]" EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77,
         .advice = CONFIDENTIAL_ADVICE},
	{.words = BOOT VSOCK "|--platform|tdx=on",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = BOOT VSOCK "|--platform|tdx=on|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|tdx=on,oem_strings=[" BINARY_77 "]",
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result =
                 BOOT VSOCK "|--platform|tdx=on,oem_strings=[" BINARY_77 "]|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|tdx=on|--cmdline|" WORD,
         .result = BOOT VSOCK "|--platform|tdx=on|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|tdx=on,oem_strings=[" BINARY_77 "]|--cmdline|" WORD,
         .result =
                 BOOT VSOCK "|--platform|tdx=on,oem_strings=[" BINARY_77 "]|--cmdline|" WORD EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = "cloud-hypervisor|--firmware|tdshim|--kernel|k|--cmdline|quiet|--platform|tdx="
                  "on" VSOCK,
         .credential = VMM_CREDENTIAL_CMDLINE,
         .result = "cloud-hypervisor|--firmware|tdshim|--kernel|k|--cmdline|quiet " WORD
                   "|--platform|tdx=on" VSOCK EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|tdx=off,sev_snp=false",
         .result = BOOT VSOCK "|--platform|tdx=off,sev_snp=false,oem_strings=[" STRING "]" EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--platform|tdx=on",
         .credential = VMM_CREDENTIAL_NONE,
         .result = BOOT VSOCK "|--platform|tdx=on" EVENTS,
         .vsock = "/run/vm/vsock"},
};

START_TEST(a_confidential_guest_is_warned_of)
{
	fixture_check(&confidential[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

#define SNAPSHOT(platform, cmdline)                                                       \
	"{\"cpus\": {}, \"payload\": {\"kernel\": \"k\", \"cmdline\": \"" cmdline "\"}, " \
	"\"platform\": {\"num_pci_segments\": 1" platform "}, \"vsock\": {\"cid\": 3, "   \
	"\"socket\": \"/run/vm/vsock\", \"id\": \"_vsock1\"}}"
#define OEM_77 ", \"oem_strings\": [\"x\", \"" BINARY_77 "\"]"

static const struct plan_row restores[] = {
	{.words = RESTORE,
         .config = SNAPSHOT(OEM_77, ""),
         .result = RESTORE EVENTS,
         .vsock = "/run/vm/vsock",
         .follows = 77,
         .restored = true,
         .paused = true},
	{.words = RESTORE ",resume=on",
         .config = SNAPSHOT("", "quiet " WORD),
         .result = RESTORE ",resume=on" EVENTS,
         .vsock = "/run/vm/vsock",
         .restored = true},
	{.words = "cloud-hypervisor|--restore=resume=TRUE,source_url=file:///s",
         .config = SNAPSHOT(OEM_77 ", \"tdx\": true", WORD),
         .result = "cloud-hypervisor|--restore=resume=TRUE,source_url=file:///s" EVENTS,
         .vsock = "/run/vm/vsock",
         .restored = true},
	{.words = RESTORE,
         .own_vsock = "/run/vm/vsock",
         .config = SNAPSHOT(", \"oem_strings\": null", ""),
         .result = RESTORE EVENTS,
         .vsock = "/run/vm/vsock",
         .restored = true,
         .paused = true,
         .advice = "the guest in the snapshot was not told where to report"},
	{.words = RESTORE,
         .credential = VMM_CREDENTIAL_NONE,
         .config = SNAPSHOT("", ""),
         .result = RESTORE EVENTS,
         .vsock = "/run/vm/vsock",
         .restored = true,
         .paused = true},
	{.words = RESTORE,
         .own_vsock = "mine",
         .config = SNAPSHOT(OEM_77, ""),
         .failure = "--vsock=mine, but the VM in the snapshot has socket /run/vm/vsock"},
	{.words = RESTORE,
         .port = 1234,
         .config = SNAPSHOT(OEM_77, ""),
         .failure = "--port=1234, but the guest is told port 77 in the VMM's snapshot"},
	{.words = RESTORE, .config = "{\"vsock\": null}", .failure = "snapshot has no vsock"},
	{.words = RESTORE, .config = "{\"vsock\": ", .failure = "its config.json is not JSON: say"},
	{.words = RESTORE,
         .config_error = "/snapshot/config.json cannot be read: No such file or directory",
         .failure =
                 "but /snapshot/config.json cannot be read: No such file or directory: say where"},
	{.words = RESTORE,
         .own_vsock = "v",
         .config_error = "/snapshot/config.json cannot be read: No such file or directory",
         .result = RESTORE EVENTS,
         .vsock = "v",
         .restored = true,
         .paused = true},
	{.words = "cloud-hypervisor|--restore", .failure = "the VMM's --restore has no value"},
	/* The VMM ignores it beside a payload. */
	{.words = BOOT VSOCK "|--restore|source_url=file:///snapshot",
         .result = BOOT VSOCK "|--restore|source_url=file:///snapshot" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
};

START_TEST(a_snapshot_says_where_its_socket_is)
{
	fixture_check(&restores[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

static const struct {
	const char *words;
	const char *path;
} snapshot_files[] = {
	{RESTORE, "/snapshot/config.json"},
	{"cloud-hypervisor|--restore=prefault=on,source_url=\"file:///a,b\",resume=on",
         "/a,b/config.json"},
	{"numactl|--restore|--|cloud-hypervisor|--restore|source_url=file://rel",
         "rel/config.json"},
	{"cloud-hypervisor|--restore|source_url=tcp://host/x", NULL},
	{"cloud-hypervisor|--restore|prefault=on", NULL},
	{"cloud-hypervisor|--restore|source_url=[", NULL},
	{"cloud-hypervisor|--restore", NULL},
	{BOOT "|--restore|source_url=file:///snapshot", NULL},
	{BOOT, NULL},
};

START_TEST(the_snapshots_config_is_named)
{
	const struct vmm_request request = {
		.arguments = fixture_split(snapshot_files[_i].words),
		.event_fd = -1,
	};
	struct vmm_file file;

	ck_assert_int_eq(vmm_plan_file(&request, &file), 0);
	ck_assert_pstr_eq(file.path, snapshot_files[_i].path);
	ck_assert_ptr_null(file.root);
	free(file.path);
}
END_TEST

static const struct plan_row options[] = {
	{.words = BOOT VSOCK "|--no-shutdown",
         .result = BOOT VSOCK "|--no-shutdown" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .stays = true},
	{.words = BOOT VSOCK "|--cmdline|no-shutdown --no-shutdown",
         .result = BOOT VSOCK "|--cmdline|no-shutdown --no-shutdown" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	/* A value that looks like an option is none, and an option is no value. */
	{.words = BOOT "|--cmdline=--vsock socket=x|--vsock|cid=3,socket=v",
         .result = BOOT "|--cmdline=--vsock socket=x|--vsock|cid=3,socket=v" PLATFORM EVENTS,
         .vsock = "v"},
	{.words = BOOT "|--vsock|--platform|uuid=u", .failure = "the VMM's --vsock has no value"},
	{.words = BOOT VSOCK "|--platform|--no-shutdown",
         .failure = "the VMM's --platform has no value"},
	/* What is added stands in front of the end of the options. */
	{.words = BOOT VSOCK "|--", .result = BOOT VSOCK PLATFORM EVENTS, .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--|--platform|uuid=u",
         .failure = "the VMM takes no words behind \"--\", but there is --platform"},
	/* The API socket's list of keys, as far as the VMM reads it. */
	{.words = BOOT VSOCK "|--api-socket|path=/run/a,nothing",
         .result = BOOT VSOCK "|--api-socket|path=/run/a,nothing" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/a"},
	{.words = BOOT VSOCK "|--api-socket|/run/a,path=/run/b",
         .result = BOOT VSOCK "|--api-socket|/run/a,path=/run/b" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "/run/a,path=/run/b"},
	{.words = BOOT VSOCK "|--api-socket|fd=3,path=/run/b",
         .result = BOOT VSOCK "|--api-socket|fd=3,path=/run/b" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock"},
	{.words = BOOT VSOCK "|--api-socket|path=",
         .result = BOOT VSOCK "|--api-socket|path=" PLATFORM EVENTS,
         .vsock = "/run/vm/vsock",
         .api_socket = "path="},
};

START_TEST(options_are_read_as_the_vmm_reads_them)
{
	fixture_check(&options[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(the_vsock_socket_is_found_or_added)
{
	fixture_check(&vsocks[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(the_credential_goes_among_the_users_own_strings)
{
	fixture_check(&platforms[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(the_users_own_credential_is_followed)
{
	fixture_check(&own_credentials[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(the_credential_goes_the_way_that_was_asked_for)
{
	fixture_check(&credentials[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(other_ways_to_start_are_known)
{
	fixture_check(&other_ways[_i], VMM_CLOUD_HYPERVISOR);
}
END_TEST

START_TEST(no_event_monitor_where_none_is_wanted)
{
	const struct vmm_request request = {
		.arguments = fixture_split(BOOT VSOCK),
		.kind = VMM_CLOUD_HYPERVISOR,
		.has_smbios = true,
		.port = 1234,
		.event_fd = -1,
	};

	ck_assert_int_eq(vmm_plan_make(&request, &fixture_plan, &fixture_failure), 0);
	ck_assert_str_eq(fixture_join(&fixture_plan.arguments), BOOT VSOCK PLATFORM);
	ck_assert(!fixture_plan.event_monitor);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("vmm_plan_cloud_hypervisor");
	TCase *tcase = harness_case(suite, "command lines");

	tcase_add_checked_fixture(tcase, NULL, fixture_teardown);
	tcase_add_loop_test(tcase, the_vsock_socket_is_found_or_added, 0, COUNT(vsocks));
	tcase_add_loop_test(tcase, the_credential_goes_among_the_users_own_strings, 0,
	                    COUNT(platforms));
	tcase_add_loop_test(tcase, the_users_own_credential_is_followed, 0, COUNT(own_credentials));
	tcase_add_loop_test(tcase, the_credential_goes_the_way_that_was_asked_for, 0,
	                    COUNT(credentials));
	tcase_add_loop_test(tcase, other_ways_to_start_are_known, 0, COUNT(other_ways));
	tcase_add_loop_test(tcase, the_users_own_credential_is_known_in_every_spelling, 0,
	                    COUNT(spellings));
	tcase_add_loop_test(tcase, a_confidential_guest_is_warned_of, 0, COUNT(confidential));
	tcase_add_loop_test(tcase, a_snapshot_says_where_its_socket_is, 0, COUNT(restores));
	tcase_add_loop_test(tcase, the_snapshots_config_is_named, 0, COUNT(snapshot_files));
	tcase_add_loop_test(tcase, options_are_read_as_the_vmm_reads_them, 0, COUNT(options));
	tcase_add_test(tcase, no_event_monitor_where_none_is_wanted);
	return harness_run(suite);
}
