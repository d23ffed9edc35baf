/* SPDX-License-Identifier: MIT */
/*
 * The one list of result codes: X(name, value, text). C constants, C++ constants, names and texts
 * are all made from it. Names and values are those of Microsoft's "COM Error Codes" pages and, for
 * the codes of facility WIN32, of its "System Error Codes" and "RPC Return Values" pages.
 */
#ifndef INSULA_CORE_HRESULT_CODES_H
#define INSULA_CORE_HRESULT_CODES_H

#define INSULA_HRESULT_CODES(X)   \
  INSULA_HRESULT_CODES_GENERIC(X) \
  INSULA_HRESULT_CODES_RPC(X)     \
  INSULA_HRESULT_CODES_CLASS(X)   \
  INSULA_HRESULT_CODES_STORAGE(X) \
  INSULA_HRESULT_CODES_WIN32(X)

#define INSULA_HRESULT_CODES_GENERIC(X)                                                            \
  X(S_OK, 0x00000000, "The operation succeeded.")                                                  \
  X(S_FALSE, 0x00000001, "The operation succeeded; the answer is no, or there was nothing to do.") \
  X(E_PENDING, 0x8000000A, "The data needed to finish is not there yet.")                          \
  X(E_BOUNDS, 0x8000000B, "An index or position lies outside the valid range.")                    \
  X(E_CHANGED_STATE, 0x8000000C, "The object changed while it was being walked through.")          \
  X(E_ILLEGAL_METHOD_CALL, 0x8000000E, "The method was called at a time when it may not be.")      \
  X(RO_E_CLOSED, 0x80000013, "The object has been closed.")                                        \
  X(RO_E_BLOCKED_CROSS_ASTA_CALL, 0x8000001F,                                                      \
    "A call between two application single-threaded apartments was refused, since it could hang.") \
  X(E_NOTIMPL, 0x80004001, "The object does not implement this method.")                           \
  X(E_NOINTERFACE, 0x80004002, "The object does not have the interface that was asked for.")       \
  X(E_POINTER, 0x80004003, "A pointer that must not be null is null.")                             \
  X(E_ABORT, 0x80004004, "The operation was aborted.")                                             \
  X(E_FAIL, 0x80004005, "The operation failed for a reason that has no code of its own.")          \
  X(CO_E_NOT_SUPPORTED, 0x80004021, "The operation is not supported in this kind of apartment.")   \
  X(E_UNEXPECTED, 0x8000FFFF, "Something happened that must never happen.")                        \
  X(CO_S_NOTALLINTERFACES, 0x00080012, "Some of the interfaces asked for were not found.")         \
  X(CO_E_SERVER_STOPPING, 0x80080008, "The server is stopping and takes no new work.")

#define INSULA_HRESULT_CODES_RPC(X)                                                               \
  X(RPC_E_CALL_REJECTED, 0x80010001, "The callee's apartment refused the call.")                  \
  X(RPC_E_CALL_CANCELED, 0x80010002, "The call was cancelled by its caller.")                     \
  X(RPC_E_CANTPOST_INSENDCALL, 0x80010003,                                                        \
    "The caller is inside a send between apartments and may not post.")                           \
  X(RPC_E_CANTCALLOUT_INASYNCCALL, 0x80010004,                                                    \
    "The caller is serving an asynchronous call and may not call out.")                           \
  X(RPC_E_CANTCALLOUT_INEXTERNALCALL, 0x80010005,                                                 \
    "A call out is not allowed while a message filter is deciding.")                              \
  X(RPC_E_CONNECTION_TERMINATED, 0x80010006,                                                      \
    "The connection ended or is in a bogus state and cannot be used.")                            \
  X(RPC_E_SERVER_DIED, 0x80010007, "The callee is gone; the call may have been executed.")        \
  X(RPC_E_CLIENT_DIED, 0x80010008, "The caller went away while its call was being served.")       \
  X(RPC_E_INVALID_DATAPACKET, 0x80010009, "The packet with the marshaled data is malformed.")     \
  X(RPC_E_CANTTRANSMIT_CALL, 0x8001000A, "The call could not be handed to the transport.")        \
  X(RPC_E_CLIENT_CANTMARSHAL_DATA, 0x8001000B, "The caller cannot pack the arguments.")           \
  X(RPC_E_CLIENT_CANTUNMARSHAL_DATA, 0x8001000C, "The caller cannot unpack the results.")         \
  X(RPC_E_SERVER_CANTMARSHAL_DATA, 0x8001000D, "The callee cannot pack the results.")             \
  X(RPC_E_SERVER_CANTUNMARSHAL_DATA, 0x8001000E, "The callee cannot unpack the arguments.")       \
  X(RPC_E_INVALID_DATA, 0x8001000F, "Received data is malformed.")                                \
  X(RPC_E_INVALID_PARAMETER, 0x80010010, "A parameter of the call is not valid.")                 \
  X(RPC_E_CANTCALLOUT_AGAIN, 0x80010011, "A second call out on the same channel is not allowed.") \
  X(RPC_E_SERVER_DIED_DNE, 0x80010012, "The callee is gone; the call was not executed.")          \
  X(RPC_E_SYS_CALL_FAILED, 0x80010100, "A call of the operating system failed.")                  \
  X(RPC_E_OUT_OF_RESOURCES, 0x80010101, "Memory or another resource needed for the call is out.") \
  X(RPC_E_ATTEMPTED_MULTITHREAD, 0x80010102,                                                      \
    "A single-threaded apartment was called from a thread that is not its own.")                  \
  X(RPC_E_NOT_REGISTERED, 0x80010103, "The interface is not registered with the callee.")         \
  X(RPC_E_FAULT, 0x80010104, "The call failed inside the callee.")                                \
  X(RPC_E_SERVERFAULT, 0x80010105, "The method threw an exception.")                              \
  X(RPC_E_CHANGED_MODE, 0x80010106, "The thread is already in an apartment of another kind.")     \
  X(RPC_E_INVALIDMETHOD, 0x80010107, "The interface has no method of that number.")               \
  X(RPC_E_DISCONNECTED, 0x80010108, "The object called has been disconnected from its clients.")  \
  X(RPC_E_RETRY, 0x80010109, "The object is busy; try again later.")                              \
  X(RPC_E_SERVERCALL_RETRYLATER, 0x8001010A,                                                      \
    "The callee's message filter says that the apartment is busy for the moment.")                \
  X(RPC_E_SERVERCALL_REJECTED, 0x8001010B, "The callee's message filter rejected the call.")      \
  X(RPC_E_INVALID_CALLDATA, 0x8001010C, "The call's data is not a call.")                         \
  X(RPC_E_CANTCALLOUT_ININPUTSYNCCALL, 0x8001010D,                                                \
    "The apartment is serving an input-synchronous call and may not call out.")                   \
  X(RPC_E_WRONG_THREAD, 0x8001010E,                                                               \
    "The interface pointer belongs to another apartment than the calling thread's.")              \
  X(RPC_E_THREAD_NOT_INIT, 0x8001010F, "The thread has not entered an apartment.")                \
  X(RPC_E_VERSION_MISMATCH, 0x80010110, "The two sides speak different protocol versions.")       \
  X(RPC_E_INVALID_HEADER, 0x80010111, "The call's protocol header is malformed.")                 \
  X(RPC_E_INVALID_EXTENSION, 0x80010112, "A protocol extension of the call is malformed.")        \
  X(RPC_E_INVALID_IPID, 0x80010113, "The call names an interface pointer that does not exist.")   \
  X(RPC_E_INVALID_OBJECT, 0x80010114, "The call names an object that does not exist.")            \
  X(RPC_S_CALLPENDING, 0x80010115, "The call has not finished yet.")                              \
  X(RPC_S_WAITONTIMER, 0x80010116, "The wait ended because of its timer.")                        \
  X(RPC_E_CALL_COMPLETE, 0x80010117, "The call had already finished.")                            \
  X(RPC_E_UNSECURE_CALL, 0x80010118, "The call does not meet the callee's security demands.")     \
  X(RPC_E_TOO_LATE, 0x80010119, "This can no longer be set: it had to be done earlier.")          \
  X(RPC_E_ACCESS_DENIED, 0x8001011B, "The callee does not admit the caller.")                     \
  X(RPC_E_INVALID_OBJREF, 0x8001011D, "The marshaled object reference is malformed.")             \
  X(RPC_E_NO_CONTEXT, 0x8001011E, "There is no call being served on this thread.")                \
  X(RPC_E_TIMEOUT, 0x8001011F, "The time allowed for the call is over.")                          \
  X(RPC_E_NO_SYNC, 0x80010120, "There is nothing to wait for.")                                   \
  X(CO_E_CANCEL_DISABLED, 0x80010140, "Cancelling calls is not enabled on this thread.")          \
  X(RPC_E_UNEXPECTED, 0x8001FFFF, "Something happened in a call that must never happen.")

#define INSULA_HRESULT_CODES_CLASS(X)                                                            \
  X(CLASS_E_NOAGGREGATION, 0x80040110, "The class cannot be part of an aggregate.")              \
  X(CLASS_E_CLASSNOTAVAILABLE, 0x80040111, "The module does not have the class asked for.")      \
  X(CLASS_E_NOTLICENSED, 0x80040112, "The class is not licensed for this use.")                  \
  X(REGDB_E_CLASSNOTREG, 0x80040154, "The class is not registered.")                             \
  X(REGDB_E_IIDNOTREG, 0x80040155,                                                               \
    "Nobody knows how to marshal this interface: no proxy and stub are registered for its id.")  \
  X(REGDB_E_BADTHREADINGMODEL, 0x80040156,                                                       \
    "The class is registered with an unknown threading model.")                                  \
  X(CO_E_NOTINITIALIZED, 0x800401F0, "The calling thread has not entered an apartment.")         \
  X(CO_E_ALREADYINITIALIZED, 0x800401F1, "The calling thread had already entered an apartment.") \
  X(CO_E_CLASSSTRING, 0x800401F3, "The text is not a class id.")                                 \
  X(CO_E_IIDSTRING, 0x800401F4, "The text is not an interface id.")                              \
  X(CO_E_DLLNOTFOUND, 0x800401F8, "The component's module was not found.")                       \
  X(CO_E_ERRORINDLL, 0x800401F9, "The component's module could not be used.")                    \
  X(CO_E_OBJNOTREG, 0x800401FB, "The object is not registered.")                                 \
  X(CO_E_OBJISREG, 0x800401FC, "The object is already registered.")                              \
  X(CO_E_OBJNOTCONNECTED, 0x800401FD, "The object is not connected, or its packet was used up.") \
  X(CO_E_RELEASED, 0x800401FF, "The object has been released.")                                  \
  X(DISP_E_MEMBERNOTFOUND, 0x80020003, "The object has no member of that id.")                   \
  X(DISP_E_TYPEMISMATCH, 0x80020005, "A value is not of the type that is wanted.")               \
  X(DISP_E_EXCEPTION, 0x80020009, "The member raised an exception.")                             \
  X(DISP_E_BADPARAMCOUNT, 0x8002000E, "The number of parameters is not the member's.")

#define INSULA_HRESULT_CODES_STORAGE(X)                                                          \
  X(STG_E_INVALIDFUNCTION, 0x80030001, "The stream does not have this operation.")               \
  X(STG_E_FILENOTFOUND, 0x80030002, "The stream was not found.")                                 \
  X(STG_E_ACCESSDENIED, 0x80030005, "The stream may not be used that way.")                      \
  X(STG_E_INVALIDHANDLE, 0x80030006, "The storage handle is not valid.")                         \
  X(STG_E_INSUFFICIENTMEMORY, 0x80030008, "There is not enough memory for the stream.")          \
  X(STG_E_INVALIDPOINTER, 0x80030009, "A pointer given to the stream is not valid.")             \
  X(STG_E_SEEKERROR, 0x80030019, "The position lies before the start of the stream.")            \
  X(STG_E_WRITEFAULT, 0x8003001D, "Writing to the stream failed.")                               \
  X(STG_E_READFAULT, 0x8003001E, "The stream ended before all that was expected could be read.") \
  X(STG_E_INVALIDPARAMETER, 0x80030057, "A parameter given to the stream is not valid.")         \
  X(STG_E_MEDIUMFULL, 0x80030070, "The stream cannot grow to that size.")                        \
  X(STG_E_INVALIDFLAG, 0x800300FF, "A flag given to the stream is not valid.")                   \
  X(STG_E_REVERTED, 0x80030102, "The object is out of date because its parent was reverted.")

#define INSULA_HRESULT_CODES_WIN32(X)                                                          \
  X(E_FILE_NOT_FOUND, 0x80070002, "The file was not found.")                                   \
  X(E_PATH_NOT_FOUND, 0x80070003, "The folder was not found.")                                 \
  X(E_TOO_MANY_OPEN_FILES, 0x80070004, "Too many files are open.")                             \
  X(E_ACCESSDENIED, 0x80070005, "Access is denied.")                                           \
  X(E_HANDLE, 0x80070006, "The handle is not valid.")                                          \
  X(E_OUTOFMEMORY, 0x8007000E, "There is not enough memory.")                                  \
  X(E_INVALIDARG, 0x80070057, "An argument is not valid.")                                     \
  X(E_DISK_FULL, 0x80070070, "The disk is full.")                                              \
  X(E_NOT_SUPPORTED, 0x80070032, "The request is not supported.")                              \
  X(E_BUSY, 0x800700AA, "The resource is in use.")                                             \
  X(E_ALREADY_EXISTS, 0x800700B7, "It already exists.")                                        \
  X(E_CANCELLED, 0x800704C7, "The operation was cancelled.")                                   \
  X(E_TIMEOUT, 0x800705B4, "The time allowed is over.")                                        \
  X(HRESULT_RPC_S_CALL_FAILED, 0x800706BE, "The remote call failed.")                          \
  X(HRESULT_RPC_S_CALL_FAILED_DNE, 0x800706BF, "The remote call failed and was not executed.") \
  X(HRESULT_RPC_S_PROTOCOL_ERROR, 0x800706C0, "The call's protocol was violated.")             \
  X(HRESULT_RPC_X_NULL_REF_POINTER, 0x800706F4, "A reference pointer argument is null.")       \
  X(HRESULT_RPC_X_BAD_STUB_DATA, 0x800706F7, "The stub received bytes that are not a message.")

#endif
