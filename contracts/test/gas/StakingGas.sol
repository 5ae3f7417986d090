// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IStaking, Stake, StakingTerms} from "../../src/IStaking.sol";
import {Stakes} from "../Stakes.sol";
import {Coin} from "../hostile/Coin.sol";
import {Rows} from "./Rows.sol";

/// @notice The rows of staking: by a relayer who brings both signatures, with a pause that is asked.
abstract contract StakingGas is Rows {
    function stakes() internal {
        StakingCalls calls = new StakingCalls();
        address target = calls.target();
        string[16] memory names = [
            "staking: open",
            "staking: stake by a relayer, the contract's first token",
            "staking: stake by a relayer, the contract's next token",
            "staking: stake by the staker, the contract's next token",
            "staking: deposit of coin, 3 stakers",
            "staking: claim of coin, to an account that was never used",
            "staking: claim of coin, to an account in use",
            "staking: deposit of an ERC-20 token",
            "staking: claim of an ERC-20 token, payee's first",
            "staking: claim of an ERC-20 token, payee's next",
            "staking: pledge",
            "staking: deposit of coin, with a pledge",
            "staking: takeBond",
            "staking: forfeit",
            "staking: unbond",
            "staking: unstake"
        ];
        for (uint256 i = 0; i < names.length; ++i) {
            (address who, uint256 valueWei, bytes memory data) = calls.next(i);
            vm.deal(who, who.balance + valueWei);
            vm.prank(who);
            (bool ok,) = target.call{value: valueWei}(data);
            isTrue(ok, names[i]);
            note(names[i]);
        }
    }
}

/// @notice Sets up what each row needs, and says what is to be called. The test calls it: that is a transaction of its own.
contract StakingCalls is Stakes {
    bytes32 private immutable POOL;
    bytes32 private coinPool;
    Stake[] private all;

    constructor() {
        setUp();
        POOL = keccak256(abi.encode(company, usualTerms()));
        Coin coin = new Coin(Coin.Habit.Plain);
        StakingTerms memory terms = usualTerms();
        terms.currency = address(coin);
        coinPool = openWith(terms);
        for (uint256 i = 0; i < 5; ++i) {
            uint256 tokenId = tokenFor(patient, PATIENT_KEY, i); // the fifth stays with the patient
            all.push(stakeFor(i == 3 ? coinPool : POOL, patient, tokenId, uint64(10 + i)));
        }
        coin.mint(company, 1e24);
        vm.prank(company);
        coin.approve(address(staking), 1e24);
    }

    function target() external view returns (address) {
        return address(staking);
    }

    function next(uint256 i) external returns (address who, uint256 valueWei, bytes memory data) {
        if (i == 0) return (company, 0, abi.encodeCall(IStaking.open, (usualTerms())));
        if (i < 3) return (relayer, 0, stakeCall(all[i - 1], true));
        if (i == 3) return (patient, 0, stakeCall(all[2], false));
        if (i == 4) {
            depositCoin(POOL, 1 ether);
            vm.warp(START + 1 days);
            return depositCall();
        }
        if (i == 5 || i == 6) {
            vm.warp(START + 2 days);
            vm.deal(patient, i == 5 ? 0 : 1);
            return (relayer, 0, abi.encodeCall(IStaking.claim, (all[i - 5])));
        }
        if (i == 7) {
            relay(all[3], PATIENT_KEY);
            vm.prank(company);
            staking.deposit(coinPool, 1e18);
            vm.warp(START + 3 days);
            return (company, 0, abi.encodeCall(IStaking.deposit, (coinPool, 1e18)));
        }
        if (i == 8 || i == 9) {
            vm.warp(START + (i == 8 ? 4 days : 5 days));
            return (relayer, 0, abi.encodeCall(IStaking.claim, (all[3])));
        }
        return later(i);
    }

    function later(uint256 i) private returns (address, uint256, bytes memory) {
        bytes memory pledgeData = abi.encodeCall(IStaking.pledge, (POOL, 1 ether, 1 ether, uint40(START + 7 days)));
        if (i == 10) return (company, 1 ether, pledgeData);
        if (i == 11) {
            vm.warp(START + 6 days);
            return depositCall();
        }
        if (i == 12) return (company, 0, abi.encodeCall(IStaking.takeBond, (POOL, company)));
        if (i == 13) {
            vm.prank(company);
            staking.pledge{value: 1 ether}(POOL, 1 ether, 1 ether, uint40(START + 7 days));
            vm.warp(START + 8 days);
            return (relayer, 0, abi.encodeCall(IStaking.forfeit, (POOL)));
        }
        if (i == 14) return (patient, 0, abi.encodeCall(IStaking.unbond, (all[0], "")));
        vm.warp(START + 20 days);
        return (relayer, 0, abi.encodeCall(IStaking.unstake, (all[0])));
    }

    function depositCall() private view returns (address, uint256, bytes memory) {
        return (company, 1 ether, abi.encodeCall(IStaking.deposit, (POOL, 1 ether)));
    }

    function stakeCall(Stake memory s, bool relayed) private view returns (bytes memory) {
        bytes memory byStaker = relayed ? signature(PATIENT_KEY, hashOf(s)) : bytes("");
        return abi.encodeCall(IStaking.stake, (s, signature(COMPANY_KEY, hashOf(s)), byStaker));
    }
}
