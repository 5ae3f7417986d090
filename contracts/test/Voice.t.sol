// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IVoice} from "../src/IVoice.sol";
import {Base} from "./Base.sol";
import {Voice} from "./Faces.sol";

contract VoiceTest is Base {
    event Minted(uint256 indexed week, uint256 amount);

    uint256 private constant NOW = 1_800_000_000;
    uint256 private constant WEEK = NOW / 7 days; // not over
    uint256 private constant CAP = 1000e18;
    address private constant MINTER = address(0x817);
    uint256 private constant KEY = 0xA11CE;
    address private constant ANN = address(0xA);
    address private constant BEN = address(0xB);

    Voice private voice;

    function setUp() public {
        vm.warp(NOW);
        voice = Voice(deploy("Voice", abi.encode(MINTER, CAP)));
    }

    function mint(uint256 week, uint256 amount) private {
        vm.prank(MINTER);
        voice.mint(week, amount);
    }

    function test_ThereIsNoneAtTheStart() public view {
        eq(voice.totalSupply(), 0, "supply");
        eq(voice.minter(), MINTER, "minter");
        eq(voice.WEEKLY_CAP(), CAP, "cap");
        eq(keccak256(bytes(voice.name())), keccak256("SINSO voice"), "name");
        eq(keccak256(bytes(voice.symbol())), keccak256("VOICE"), "symbol");
        eq(
            keccak256(bytes(voice.notice())),
            keccak256("A vote in the governance of SINSO. Not an investment: no income, no price, no share, no claim on anyone."),
            "what it is not"
        );
    }

    function test_TheMinterMakesVoiceForAWeekThatIsOver() public {
        vm.expectEmit(true, true, true, true, address(voice));
        emit Minted(WEEK - 1, 600e18);
        mint(WEEK - 1, 600e18);
        mint(WEEK - 1, 400e18);
        eq(voice.minted(WEEK - 1), CAP, "minted");
        eq(voice.balanceOf(MINTER), CAP, "the minter hands it out");
        vm.expectRevert(abi.encodeWithSelector(IVoice.OverCap.selector, WEEK - 1, 1));
        mint(WEEK - 1, 1);
        mint(WEEK - 2, CAP); // another week has its own
        vm.expectRevert(abi.encodeWithSelector(IVoice.OverCap.selector, WEEK - 3, CAP + 1));
        mint(WEEK - 3, CAP + 1);
        vm.expectRevert(abi.encodeWithSelector(IVoice.OverCap.selector, WEEK - 1, type(uint256).max));
        mint(WEEK - 1, type(uint256).max);
    }

    function test_NobodyElseMints() public {
        wants(IVoice.NotMinter.selector, ANN);
        vm.prank(ANN);
        voice.mint(WEEK - 1, 1);
    }

    function test_NothingIsMadeForAWeekThatIsNotOver() public {
        wants(IVoice.WeekNotOver.selector, WEEK);
        mint(WEEK, 1);
        vm.warp((WEEK + 1) * 7 days - 1);
        wants(IVoice.WeekNotOver.selector, WEEK);
        mint(WEEK, 1);
        vm.warp((WEEK + 1) * 7 days);
        mint(WEEK, 1);
    }

    function test_AHolderDestroysItsOwn() public {
        mint(WEEK - 1, 10);
        vm.prank(MINTER);
        voice.burn(4);
        eq(voice.totalSupply(), 6, "supply");
        eq(voice.minted(WEEK - 1), 10, "what was destroyed is not made again");
        vm.expectRevert();
        vm.prank(ANN);
        voice.burn(1);
    }

    function test_VotesFollowDelegationByTheClockOfTimestamps() public {
        eq(uint256(voice.clock()), NOW, "clock");
        eq(keccak256(bytes(voice.CLOCK_MODE())), keccak256("mode=timestamp"), "mode");
        mint(WEEK - 1, 10);
        vm.prank(MINTER);
        voice.transfer(ANN, 10);
        eq(voice.getVotes(ANN), 0, "no votes before a delegation");
        vm.prank(ANN);
        voice.delegate(BEN);
        eq(voice.getVotes(BEN), 10, "delegated");
        vm.warp(NOW + 1);
        eq(voice.getPastVotes(BEN, NOW), 10, "then");
        eq(voice.getPastTotalSupply(NOW), 10, "supply then");
    }

    function test_AnyoneCarriesADelegation() public {
        mint(WEEK - 1, 10);
        vm.prank(MINTER);
        voice.transfer(vm.addr(KEY), 10);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(KEY, delegation(BEN, 0, NOW));
        voice.delegateBySig(BEN, 0, NOW, v, r, s);
        eq(voice.getVotes(BEN), 10, "delegated");
        vm.expectRevert();
        voice.delegateBySig(BEN, 0, NOW, v, r, s);
        (v, r, s) = vm.sign(KEY, delegation(ANN, 1, NOW));
        vm.warp(NOW + 1);
        vm.expectRevert();
        voice.delegateBySig(ANN, 1, NOW, v, r, s);
        eq(voice.getVotes(BEN), 10, "as it was");
    }

    /// @dev EIP-712, from the text of its types.
    function delegation(address to, uint256 nonce, uint256 expiry) private view returns (bytes32) {
        bytes32 domain = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
        domain = keccak256(abi.encode(domain, keccak256("SINSO voice"), keccak256("1"), block.chainid, voice));
        bytes32 typeHash = keccak256("Delegation(address delegatee,uint256 nonce,uint256 expiry)");
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(abi.encode(typeHash, to, nonce, expiry))));
    }

    /// A holder destroys at most what it has; the supply and the votes go down by that, and the week's cap stays used.
    function testFuzz_WhatIsDestroyedIsOnesOwnAndGone(uint256 all, uint256 has, uint256 amount) public {
        all %= CAP + 1;
        has %= all + 1;
        if (amount % 4 != 0) amount %= has + 1;
        mint(WEEK - 1, all);
        vm.prank(MINTER);
        voice.transfer(ANN, has);
        vm.prank(ANN);
        voice.delegate(BEN);
        vm.prank(ANN);
        (bool ok,) = address(voice).call(abi.encodeCall(IVoice.burn, (amount)));
        isTrue(ok == (amount <= has), "one's own");
        uint256 gone = ok ? amount : 0;
        eq(voice.totalSupply(), all - gone, "supply");
        eq(voice.balanceOf(ANN), has - gone, "the holder's");
        eq(voice.balanceOf(MINTER), all - has, "another's");
        eq(voice.getVotes(BEN), has - gone, "votes");
        eq(voice.minted(WEEK - 1), all, "what was destroyed is not made again");
    }

    function testFuzz_NoWeekPassesItsCap(uint8[32] memory weekOf, uint256[32] memory amounts) public {
        uint256[4] memory made;
        uint256 supply;
        for (uint256 i = 0; i < amounts.length; ++i) {
            uint256 which = weekOf[i] % 4;
            uint256 amount = i % 8 == 7 ? amounts[i] : amounts[i] % (CAP / 2);
            bool fits = amount <= CAP && made[which] + amount <= CAP;
            vm.prank(MINTER);
            (bool ok,) = address(voice).call(abi.encodeCall(IVoice.mint, (WEEK - 1 - which, amount)));
            isTrue(ok == fits, "may mint");
            if (!ok) continue;
            made[which] += amount;
            supply += amount;
        }
        eq(voice.totalSupply(), supply, "supply");
        for (uint256 i = 0; i < 4; ++i) {
            eq(voice.minted(WEEK - 1 - i), made[i], "minted");
        }
    }
}
