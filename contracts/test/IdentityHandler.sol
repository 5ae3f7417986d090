// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IIdentity} from "../src/IIdentity.sol";
import {Fixture} from "./Fixture.sol";

/// @notice People who enter, name guardians, lose keys and are recovered; and a model of who must have what.
/// @dev Each step tries one call, whether it is allowed or not. The model says beforehand if it may succeed, and shares no
/// code with the contract.
contract IdentityHandler is Fixture {
    struct Token {
        bool exists;
        address owner;
        uint32 epoch;
        bool guarded;
        address to; // of the recovery that is on its way
        uint256 readyAt;
    }

    uint32 internal constant DELAY = 3 days;
    uint256 internal constant PEOPLE = 4; // who enter
    uint256 internal constant PLACES = 12; // their addresses, and others that can be recovered to

    mapping(uint256 person => Token token) public tokens; // by who entered it
    mapping(address where => bool used) public used; // a token is or was there
    mapping(string step => uint256 count) public done;
    uint256 private nowAt = START;
    address[] private guardians;
    address[] private persons; // once: to find an address from its key takes time
    uint256[] private keys;

    constructor() {
        setUp();
        for (uint256 p = 0; p < PLACES; ++p) {
            persons.push(vm.addr(0x9E0 + p));
        }
        keys = [0x6A0, 0x6A1, 0x6A2];
        for (uint256 i = 1; i < 3; ++i) {
            for (uint256 j = i; j > 0 && vm.addr(keys[j]) < vm.addr(keys[j - 1]); --j) {
                (keys[j], keys[j - 1]) = (keys[j - 1], keys[j]);
            }
        }
        for (uint256 i = 0; i < 3; ++i) {
            guardians.push(vm.addr(keys[i]));
        }
    }

    function enter(uint256 seed) external {
        uint256 p = seed % PEOPLE;
        address who = personAt(p);
        bytes32 entry = digest(address(identity), keccak256(abi.encode(keccak256("Entry(address owner)"), who)));
        bool forged = (seed >> 16) % 8 == 0;
        bytes memory signed = signature(forged ? 0xBAD : 0x9E0 + p, entry);
        bool ok = _call(relayer, abi.encodeCall(IIdentity.enter, (who, signed)));
        _agree(ok, !used[who] && !forged, "enter");
        if (!ok) return;
        used[who] = true;
        tokens[p].exists = true;
        tokens[p].owner = who;
    }

    function name(uint256 seed) external {
        Token storage t = tokens[seed % PEOPLE];
        bool none = (seed >> 16) % 8 == 0;
        address who = (seed >> 24) % 4 == 0 ? personAt((seed >> 32) % PEOPLE) : t.owner;
        bytes32 hash = none ? bytes32(0) : keccak256(abi.encode(uint256(2), guardians, bytes32(0)));
        bytes memory data =
            abi.encodeCall(IIdentity.nameGuardians, (idOf(seed % PEOPLE), hash, DELAY, uint64(nowAt), ""));
        bool ok = _call(who, data);
        _agree(ok, t.exists && who == t.owner, "name");
        if (!ok) return;
        t.guarded = !none;
        t.to = address(0);
        ++t.epoch;
    }

    function recover(uint256 seed) external {
        Token storage t = tokens[seed % PEOPLE];
        uint256 id = idOf(seed % PEOPLE);
        uint256 next = (seed >> 16) % PLACES;
        uint32 epoch = (seed >> 24) % 8 == 0 && t.epoch > 0 ? t.epoch - 1 : t.epoch;
        uint256 who = (seed >> 32) % 8; // which guardians sign
        bytes32 typeHash = keccak256("Recovery(uint256 tokenId,address to,uint32 epoch,uint64 until)");
        bytes32 toSign =
            digest(address(identity), keccak256(abi.encode(typeHash, id, personAt(next), epoch, nowAt)));
        bytes[] memory signatures = new bytes[](3);
        uint256 signed = 0;
        for (uint256 i = 0; i < 3; ++i) {
            if (who >> i & 1 == 0) continue;
            signatures[i] = signature(keys[i], toSign);
            ++signed;
        }
        bytes memory accepted = signature(0x9E0 + next, toSign);
        bytes memory data = abi.encodeCall(
            IIdentity.recover, (id, personAt(next), uint64(nowAt), accepted, 2, guardians, 0, signatures)
        );
        bool ok = _call(relayer, data);
        _agree(ok, t.guarded && epoch == t.epoch && signed >= 2 && !used[personAt(next)], "recover");
        if (!ok) return;
        t.to = personAt(next);
        t.readyAt = nowAt + DELAY;
        ++t.epoch;
    }

    function stop(uint256 seed) external {
        Token storage t = tokens[seed % PEOPLE];
        address who = (seed >> 16) % 4 == 0 ? personAt((seed >> 24) % PEOPLE) : t.owner;
        bool ok = _call(who, abi.encodeCall(IIdentity.stop, (idOf(seed % PEOPLE), uint64(nowAt), "")));
        _agree(ok, t.to != address(0) && who == t.owner, "stop");
        if (!ok) return;
        t.to = address(0);
        ++t.epoch;
    }

    function finish(uint256 seed) external {
        Token storage t = tokens[seed % PEOPLE];
        bool ok = _call(relayer, abi.encodeCall(IIdentity.finish, (idOf(seed % PEOPLE))));
        _agree(ok, t.to != address(0) && nowAt > t.readyAt && !used[t.to], "finish");
        if (!ok) return;
        t.owner = t.to;
        used[t.to] = true;
        t.to = address(0);
        ++t.epoch;
    }

    function wait_(uint256 seed) external {
        nowAt += seed % 8 days;
        vm.warp(nowAt);
    }

    function personAt(uint256 p) private view returns (address) {
        return persons[p];
    }

    function idOf(uint256 p) private view returns (uint256) {
        return uint256(keccak256(abi.encode(keccak256("sinso/identity/v1"), personAt(p))));
    }

    /// @dev Everything is compared in one call: each call of a test is a transaction of its own, which takes time.
    function check() external view {
        for (uint256 p = 0; p < PEOPLE; ++p) {
            Token storage t = tokens[p];
            (bool ok, bytes memory answer) =
                address(identity).staticcall(abi.encodeWithSignature("ownerOf(uint256)", idOf(p)));
            isTrue(ok == t.exists, "exists");
            if (ok) eq(abi.decode(answer, (address)), t.owner, "owner");
            (address to,) = identity.recoveryOf(idOf(p));
            eq(to, t.to, "recovery");
        }
        for (uint256 i = 0; i < PLACES; ++i) {
            uint256 held = 0;
            uint256 which = 0;
            for (uint256 p = 0; p < PEOPLE; ++p) {
                if (tokens[p].owner != persons[i]) continue;
                ++held;
                which = idOf(p);
            }
            isTrue(held < 2, "at most one");
            eq(identity.balanceOf(persons[i]), held, "balance");
            eq(identity.identityOf(persons[i]), which, "identity");
        }
    }

    function _agree(bool ok, bool allowed, string memory what) private {
        if (ok != allowed) revert NotTrue(string.concat(what, ok ? ": done, but not allowed" : ": refused, but allowed"));
        ++done[string.concat(what, ok ? "" : " refused")];
    }

    function _call(address who, bytes memory data) private returns (bool ok) {
        vm.prank(who);
        (ok,) = address(identity).call(data);
    }
}
