/* SPDX-License-Identifier: Apache-2.0 */
/* Entry by the PVH boot protocol, and the ELF note that announces it. */

/*
 * A PVH loader starts the kernel in 32-bit protected mode with flat segments, paging and
 * interrupts off, no stack, and the physical address of struct hvm_start_info in %ebx.
 * The guest stays in just that mode for its whole life.
 */
#define XEN_ELFNOTE_PHYS32_ENTRY 18
#define STACK_SIZE		 16384

	.section .note.Xen, "a", @note
	.balign 4
	.long	name_end - name
	.long	4			/* size of the entry address */
	.long	XEN_ELFNOTE_PHYS32_ENTRY
name:	.asciz	"Xen"
name_end:
	.balign 4
	.long	_start

	.section .text.start, "ax", @progbits
	.code32
	.globl	_start
_start:
	cld
	movl	$stack_top, %esp
	xorl	%ebp, %ebp		/* ends a debugger's backtrace */
	subl	$12, %esp		/* the ABI wants the stack aligned to 16 at a call */
	pushl	%ebx
	call	guest_main
halt:
	cli
	hlt
	jmp	halt

	.section .bss
	.balign 16
	.skip	STACK_SIZE
stack_top:

	.section .note.GNU-stack, "", @progbits
