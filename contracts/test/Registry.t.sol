// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IRegistry, Parameter, Template, Terms, Version} from "../src/IRegistry.sol";
import {Registry} from "./Faces.sol";
import {GovernFixture} from "./GovernFixture.sol";

contract RegistryTest is GovernFixture {
    event ParameterSet(Parameter indexed parameter, uint256 from, uint256 to);
    event Named(bytes32 indexed name, uint256 indexed number, address indexed target, bytes32 codeHash);
    event Listed(bytes32 indexed list, bytes32 indexed subject, bool listed);
    event Published(bytes32 indexed contentHash, address indexed publisher);
    event Endorsed(bytes32 indexed contentHash, address indexed user, bool uses);

    bytes32 private constant NAME = "exchange";
    bytes32 private constant LIST = "template";
    bytes32 private constant CONTENT = keccak256("a template");

    address private timelock;

    function setUp() public {
        deployGovern();
        timelock = address(treasury);
    }

    function set(Parameter p, uint32 value) private {
        vm.prank(timelock);
        registry.set(p, value);
    }

    function test_AllTermsAreOneRead() public view {
        Terms memory t = registry.terms();
        eq(t.feeBps, 250, "fee");
        eq(t.royaltyCeilingBps, 1000, "royalty");
        eq(t.contributorWeight, 4000, "contributors");
        eq(t.providerWeight, 3000, "providers");
        eq(t.curatorWeight, 2000, "curators");
        eq(t.orderWeight, 2000, "order");
        eq(t.freshnessWeight, 1000, "freshness");
        eq(t.weeklyEmission, EMISSION, "emission");
        eq(registry.governance(), timelock, "governance");
        eq(registry.MIN_INTERVAL(), 7 days, "interval");
        uint32[8][4] memory p = usualParameters();
        for (uint256 i = 0; i < 8; ++i) {
            (uint256 least, uint256 most, uint256 step, uint256 changedAt) = registry.boundsOf(Parameter(i));
            eq(registry.valueOf(Parameter(i)), p[0][i], "value");
            eq(least, p[1][i], "least");
            eq(most, p[2][i], "most");
            eq(step, p[3][i], "step");
            eq(changedAt, 0, "never changed");
        }
    }

    function test_TheFirstValuesAreSaid() public {
        uint32[8][4] memory p = usualParameters();
        address next = nextAddress();
        for (uint256 i = 0; i < 8; ++i) {
            vm.expectEmit(true, true, true, true, next);
            emit ParameterSet(Parameter(i), 0, p[0][i]);
        }
        deploy("Registry", abi.encode(timelock, p[0], p[1], p[2], p[3]));
    }

    function test_AParameterMovesByItsStepOnceAWeek() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit ParameterSet(Parameter.FeeBps, 250, 300);
        set(Parameter.FeeBps, 300);
        (,,, uint256 changedAt) = registry.boundsOf(Parameter.FeeBps);
        eq(changedAt, GENESIS, "changed at");
        vm.warp(GENESIS + 7 days - 1);
        wants2(IRegistry.TooSoon.selector, uint256(Parameter.FeeBps), GENESIS + 7 days);
        set(Parameter.FeeBps, 310);
        set(Parameter.WeeklyEmission, 120_000); // another has its own week
        vm.warp(GENESIS + 7 days);
        set(Parameter.FeeBps, 250);
        eq(registry.terms().feeBps, 250, "back");
        eq(registry.terms().weeklyEmission, 120_000, "the other");
    }

    function wants2(bytes4 selector, uint256 a, uint256 b) private {
        vm.expectRevert(abi.encodeWithSelector(selector, a, b));
    }

    function test_NoStepIsTooLarge() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StepTooLarge.selector, Parameter.FeeBps, 250, 301));
        set(Parameter.FeeBps, 301);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.StepTooLarge.selector, Parameter.FeeBps, 250, 199));
        set(Parameter.FeeBps, 199);
        set(Parameter.FeeBps, 200);
        eq(registry.terms().feeBps, 200, "down by the step");
    }

    function test_NoValueLeavesItsBounds() public {
        wants2(IRegistry.OutOfBounds.selector, uint256(Parameter.FeeBps), 501);
        set(Parameter.FeeBps, 501);
        wants2(IRegistry.OutOfBounds.selector, uint256(Parameter.CuratorWeight), 499);
        set(Parameter.CuratorWeight, 499);
        for (uint256 i = 0; i < 5; ++i) {
            vm.warp(GENESIS + i * 7 days);
            set(Parameter.FeeBps, uint32(300 + i * 50));
        }
        eq(registry.terms().feeBps, 500, "at its most");
        vm.warp(GENESIS + 35 days);
        wants2(IRegistry.OutOfBounds.selector, uint256(Parameter.FeeBps), 501);
        set(Parameter.FeeBps, 501);
    }

    function testFuzz_AParameterStaysInItsBoundsAndLeavesTheOthersAlone(
        uint8[24] memory which,
        uint256[24] memory values,
        uint256[24] memory waits
    ) public {
        uint32[8][4] memory p = usualParameters();
        uint256[8] memory changedAt;
        uint256 time = GENESIS;
        for (uint256 i = 0; i < which.length; ++i) {
            uint256 k = which[i] % 8;
            time += waits[i] % 8 days;
            vm.warp(time);
            // Near its value mostly, so that many pass.
            uint256 from = p[0][k];
            uint256 span = uint256(p[3][k]) + 2;
            uint32 value = values[i] % 5 == 0 ? uint32(values[i] >> 8) : uint32(from + values[i] % (2 * span));
            if (values[i] % 5 != 0) value = value > span ? uint32(value - span) : 0;
            uint256 move = value > from ? value - from : from - value;
            bool may = value >= p[1][k] && value <= p[2][k] && move <= p[3][k]
                && (changedAt[k] == 0 || time >= changedAt[k] + 7 days);
            vm.prank(timelock);
            (bool ok,) = address(registry).call(abi.encodeCall(IRegistry.set, (Parameter(k), value)));
            isTrue(ok == may, "may be set");
            if (ok) (p[0][k], changedAt[k]) = (value, time);
            for (uint256 j = 0; j < 8; ++j) {
                eq(registry.valueOf(Parameter(j)), p[0][j], "value");
            }
        }
    }

    function test_TheBoundsAtDeploymentHoldTheValue() public {
        for (uint256 i = 0; i < 3; ++i) {
            uint32[8][4] memory p = usualParameters();
            if (i == 0) p[1][7] = p[0][7] + 1;
            if (i == 1) p[2][7] = p[0][7] - 1;
            if (i == 2) p[3][7] = 0;
            (bool ok,) = address(this).call(abi.encodeCall(this.make, (p)));
            isTrue(!ok, "bad bounds");
        }
        uint32[8][4] memory tight = usualParameters();
        tight[1] = tight[0];
        tight[2] = tight[0];
        this.make(tight);
    }

    function make(uint32[8][4] memory p) external {
        deploy("Registry", abi.encode(timelock, p[0], p[1], p[2], p[3]));
    }

    function test_OnlyGovernanceSetsAnything() public {
        address[4] memory all = [MAJORITY, GUARDIAN, VETOER, address(governor)];
        for (uint256 i = 0; i < all.length; ++i) {
            wants(IRegistry.NotGovernance.selector, all[i]);
            vm.prank(all[i]);
            registry.set(Parameter.FeeBps, 260);
            wants(IRegistry.NotGovernance.selector, all[i]);
            vm.prank(all[i]);
            registry.setVersion(NAME, address(0), 0);
            wants(IRegistry.NotGovernance.selector, all[i]);
            vm.prank(all[i]);
            registry.setListed(LIST, CONTENT, true);
        }
    }

    function test_ANameMeansTheCodeThatWasVotedFor() public {
        address target = address(voice);
        bytes32 codeHash = target.codehash;
        isTrue(!registry.intact(NAME), "no such name");
        vm.expectEmit(true, true, true, true, address(registry));
        emit Named(NAME, 1, target, codeHash);
        vm.prank(timelock);
        registry.setVersion(NAME, target, codeHash);
        Version memory v = registry.version(NAME);
        eq(v.target, target, "target");
        eq(v.codeHash, codeHash, "code");
        eq(v.number, 1, "number");
        eq(v.since, GENESIS, "since");
        isTrue(registry.intact(NAME), "intact");
        vm.etch(target, hex"00");
        isTrue(!registry.intact(NAME), "other code");
        vm.prank(timelock);
        registry.setVersion(NAME, address(0), 0);
        eq(registry.version(NAME).target, address(0), "no longer used");
        eq(registry.version(NAME).number, 2, "the next number");
        isTrue(!registry.intact(NAME), "not intact");
    }

    function test_NoNameMeansOtherCodeOrNone() public {
        address target = address(voice);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WrongCode.selector, target, CONTENT));
        vm.prank(timelock);
        registry.setVersion(NAME, target, CONTENT);
        bytes32 empty = keccak256("");
        vm.deal(STRANGER, 1); // an account that exists, without code
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WrongCode.selector, STRANGER, empty));
        vm.prank(timelock);
        registry.setVersion(NAME, STRANGER, empty);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WrongCode.selector, address(0xD00D), bytes32(0)));
        vm.prank(timelock);
        registry.setVersion(NAME, address(0xD00D), 0);
        vm.expectRevert(abi.encodeWithSelector(IRegistry.WrongCode.selector, address(0), CONTENT));
        vm.prank(timelock);
        registry.setVersion(NAME, address(0), CONTENT);
    }

    function test_AnyonePublishesATemplateOnce() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit Published(CONTENT, STRANGER);
        vm.prank(STRANGER);
        registry.publish(CONTENT);
        Template memory t = registry.template(CONTENT);
        eq(t.publisher, STRANGER, "publisher");
        eq(t.publishedAt, GENESIS, "at");
        eq(t.uses, 0, "uses");
        vm.expectRevert(abi.encodeWithSelector(IRegistry.AlreadyPublished.selector, CONTENT));
        registry.publish(CONTENT);
        wants(IRegistry.ZeroHash.selector);
        registry.publish(0);
    }

    function test_UseMakesAStandardAndAnAccountCountsOnce() public {
        vm.expectRevert(abi.encodeWithSelector(IRegistry.NotPublished.selector, CONTENT));
        registry.endorse(CONTENT, true);
        registry.publish(CONTENT);
        vm.expectEmit(true, true, true, true, address(registry));
        emit Endorsed(CONTENT, STRANGER, true);
        vm.prank(STRANGER);
        registry.endorse(CONTENT, true);
        vm.prank(MAJORITY);
        registry.endorse(CONTENT, true);
        eq(registry.template(CONTENT).uses, 2, "two");
        wants(IRegistry.NothingChanges.selector);
        vm.prank(STRANGER);
        registry.endorse(CONTENT, true);
        isTrue(registry.endorsed(CONTENT, STRANGER), "endorsed");
        vm.prank(STRANGER);
        registry.endorse(CONTENT, false);
        isTrue(!registry.endorsed(CONTENT, STRANGER), "no longer");
        eq(registry.template(CONTENT).uses, 1, "one");
        wants(IRegistry.NothingChanges.selector);
        registry.endorse(CONTENT, false);
    }

    function test_AVoteListsATemplate() public {
        vm.expectEmit(true, true, true, true, address(registry));
        emit Listed(LIST, CONTENT, true);
        vm.prank(timelock);
        registry.setListed(LIST, CONTENT, true);
        isTrue(registry.listed(LIST, CONTENT), "listed");
        isTrue(!registry.listed(NAME, CONTENT), "on no other list");
        wants(IRegistry.NothingChanges.selector);
        vm.prank(timelock);
        registry.setListed(LIST, CONTENT, true);
        vm.prank(timelock);
        registry.setListed(LIST, CONTENT, false);
        isTrue(!registry.listed(LIST, CONTENT), "off");
    }

    function testFuzz_UsesAreTheAccountsThatSaySo(uint8[32] memory who, uint32 says) public {
        registry.publish(CONTENT);
        bool[8] memory uses;
        uint256 sum;
        for (uint256 i = 0; i < who.length; ++i) {
            uint256 k = who[i] % 8;
            bool now_ = (says >> i) & 1 == 1;
            vm.prank(address(uint160(0xF00 + k)));
            (bool ok,) = address(registry).call(abi.encodeCall(IRegistry.endorse, (CONTENT, now_)));
            isTrue(ok == (uses[k] != now_), "changes something");
            if (ok) sum = now_ ? sum + 1 : sum - 1;
            uses[k] = now_;
            eq(registry.template(CONTENT).uses, sum, "uses");
        }
    }

    /// A list has what governance put on it last, whoever else tries what.
    function testFuzz_AListIsWhatGovernanceSaidLast(uint8[24] memory which, uint24 says, address stranger) public {
        vm.assume(stranger != timelock);
        bool[4] memory on;
        for (uint256 i = 0; i < which.length; ++i) {
            uint256 k = which[i] % 4;
            bool now_ = says >> i & 1 == 1;
            bool governs = which[i] >> 2 & 3 != 0;
            vm.prank(governs ? timelock : stranger);
            (bytes32 list, bytes32 subject) = placeOf(k);
            (bool ok,) = address(registry).call(abi.encodeCall(IRegistry.setListed, (list, subject, now_)));
            isTrue(ok == (governs && on[k] != now_), "governance changes something");
            if (ok) on[k] = now_;
            for (uint256 j = 0; j < 4; ++j) {
                (list, subject) = placeOf(j);
                isTrue(registry.listed(list, subject) == on[j], "listed");
            }
        }
    }

    /// @dev Two subjects on each of two lists.
    function placeOf(uint256 k) private pure returns (bytes32 list, bytes32 subject) {
        return (k < 2 ? LIST : NAME, k % 2 == 0 ? CONTENT : ~CONTENT);
    }

    /// A name means the code that governance said last and that was there then, and only as long as it is there.
    function testFuzz_ANameMeansTheCodeThatWasSaidLast(uint8[12] memory what, uint24[12] memory waits, bytes32 wrong) public {
        Version memory v;
        uint256 clock = GENESIS;
        for (uint256 i = 0; i < what.length; ++i) {
            clock += waits[i];
            vm.warp(clock);
            (address target, bytes32 codeHash, bool ok) = says(what[i], wrong);
            if (ok) v = Version(target, uint48(clock), v.number + 1, codeHash);
            isVersion(v);
        }
        if (v.target == address(0)) return;
        vm.etch(v.target, hex"00");
        isTrue(!registry.intact(NAME), "other code");
    }

    /// @dev Somebody gives the name a code, or says that it has another one.
    function says(uint8 what, bytes32 wrong) private returns (address target, bytes32 codeHash, bool ok) {
        target = [address(voice), address(governor), STRANGER, address(0)][what % 4];
        bool governs = what >> 2 & 3 != 0;
        bool may = governs && what % 4 != 2;
        codeHash = target == address(0) ? bytes32(0) : target.codehash;
        if (what >> 4 & 3 == 0) (codeHash, may) = (wrong, governs && target == address(0) && wrong == 0);
        vm.prank(governs ? timelock : MAJORITY);
        (ok,) = address(registry).call(abi.encodeCall(IRegistry.setVersion, (NAME, target, codeHash)));
        isTrue(ok == may, "governance names code that is there");
    }

    function isVersion(Version memory want) private view {
        Version memory got = registry.version(NAME);
        eq(got.target, want.target, "target");
        eq(got.since, want.since, "since");
        eq(got.number, want.number, "number");
        eq(got.codeHash, want.codeHash, "code");
        isTrue(registry.intact(NAME) == (want.target != address(0)), "intact");
    }
}
