/* SPDX-License-Identifier: Apache-2.0 */
/* Time in microseconds since the guest started. */
#include "clock.h"

#include <stdbool.h>

#include "io.h"

/*
 * The time stamp counter is the only clock that costs no exit to the hypervisor. KVM's
 * paravirtual clock tells how fast it ticks. Without KVM (QEMU's emulation) the guest measures it
 * against ACPI's power management timer. That wraps so rarely that a stalled host does no harm.
 */

/* CPUID leaves of KVM (Linux: Documentation/virt/kvm/x86/cpuid.rst) */
#define KVM_CPUID_SIGNATURE      0x40000000
#define KVM_CPUID_SIGNATURE_EBX  0x4b4d564b /* "KVMK", of "KVMKVMKVM" */
#define KVM_CPUID_FEATURES       0x40000001
#define KVM_FEATURE_CLOCKSOURCE2 (1 << 3)

/* the clock: a page that KVM fills in (Documentation/virt/kvm/x86/msr.rst) */
#define MSR_KVM_SYSTEM_TIME_NEW    0x4b564d01
#define MSR_KVM_SYSTEM_TIME_ENABLE 1
#define NSEC_PER_MSEC              1000000
struct pvclock_vcpu_time_info {
	uint32_t version;
	uint32_t pad0;
	uint64_t tsc_timestamp;
	uint64_t system_time;
	uint32_t tsc_to_system_mul; /* nanoseconds per tick, times 2^32, after the shift */
	int8_t tsc_shift;
	uint8_t flags;
	uint8_t pad[2];
};

/* ACPI's timer: 24 bits, at the port where QEMU's firmware puts it */
#define PM_TIMER_PORT  0x608
#define PM_TIMER_HZ    3579545
#define PM_TIMER_MASK  0xffffff
#define MEASURED_TICKS (PM_TIMER_HZ / 100)
#define MEASURE_LOOPS  1000000 /* a timer that does not exist never counts: give up */
#define GUESSED_KHZ    2000000

static _Alignas(32) volatile struct pvclock_vcpu_time_info pvclock;
static uint32_t tsc_khz;
static uint64_t tsc_at_start;

/* 64 by 32 bits in two steps, as the C compiler would call a library for it */
static uint64_t divide(uint64_t dividend, uint32_t divisor)
{
	uint32_t high = (uint32_t)(dividend >> 32);
	uint32_t low = (uint32_t)dividend;
	uint32_t high_quotient = high / divisor;
	uint32_t remainder = high % divisor;

	__asm__("divl %2" : "+a"(low), "+d"(remainder) : "rm"(divisor) : "cc");
	return (uint64_t)high_quotient << 32 | low;
}

static bool ask_kvm(void)
{
	uint64_t khz;

	if (cpuid(KVM_CPUID_SIGNATURE).ebx != KVM_CPUID_SIGNATURE_EBX ||
	    !(cpuid(KVM_CPUID_FEATURES).eax & KVM_FEATURE_CLOCKSOURCE2))
		return false;
	write_msr(MSR_KVM_SYSTEM_TIME_NEW, (uintptr_t)&pvclock | MSR_KVM_SYSTEM_TIME_ENABLE);
	memory_barrier();
	if (pvclock.tsc_to_system_mul == 0)
		return false;
	khz = divide((uint64_t)NSEC_PER_MSEC << 32, pvclock.tsc_to_system_mul);
	tsc_khz = (uint32_t)(pvclock.tsc_shift < 0 ? khz << -pvclock.tsc_shift
	                                           : khz >> pvclock.tsc_shift);
	return tsc_khz > 0;
}

static bool measure(void)
{
	uint32_t first = inl(PM_TIMER_PORT);
	uint64_t begun = read_tsc();

	for (uint32_t i = 0; i < MEASURE_LOOPS; i++) {
		uint32_t elapsed = (inl(PM_TIMER_PORT) - first) & PM_TIMER_MASK;

		if (elapsed >= MEASURED_TICKS) {
			uint64_t hz = divide((read_tsc() - begun) * PM_TIMER_HZ, elapsed);

			tsc_khz = (uint32_t)divide(hz, 1000);
			return tsc_khz > 0;
		}
	}
	return false;
}

void clock_start(void)
{
	tsc_at_start = read_tsc();
	if (!ask_kvm() && !measure())
		tsc_khz = GUESSED_KHZ;
}

uint64_t clock_usec(void)
{
	return divide((read_tsc() - tsc_at_start) * 1000, tsc_khz);
}
