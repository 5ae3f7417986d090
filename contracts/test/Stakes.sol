// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Share} from "../src/IAssets.sol";
import {IPause} from "../src/IPause.sol";
import {Stake, StakingTerms} from "../src/IStaking.sol";
import {Staking} from "./Faces.sol";
import {Fixture} from "./Fixture.sol";

/// @notice A pause that anyone works.
contract Switch is IPause {
    uint64 public until;

    function pause(uint64 until_) external {
        until = until_;
    }

    function check() external view {
        if (block.timestamp < until) revert Paused(until);
    }
}

/// @notice A company, its pools, and what it and the stakers sign. Digests are built here from the text of the types.
abstract contract Stakes is Fixture {
    uint256 internal constant COMPANY_KEY = 0xC0117A4;
    uint32 internal constant UNBONDING = 7 days;
    uint32 internal constant STREAM = 30 days;
    uint64 internal constant CAP = 1_000_000;
    address internal constant MONEY = address(0);

    address internal immutable company = vm.addr(COMPANY_KEY);
    Switch internal immutable pauser = new Switch();

    Staking internal staking;

    function setUp() public virtual override {
        super.setUp();
        staking = Staking(deploy("Staking", abi.encode(pauser)));
        vm.deal(company, 1e30);
    }

    function usualTerms() internal view returns (StakingTerms memory) {
        return StakingTerms(MONEY, address(assets), UNBONDING, STREAM, CAP, keccak256("salted terms of use"));
    }

    function openUsual() internal returns (bytes32) {
        return openWith(usualTerms());
    }

    function openWith(StakingTerms memory terms) internal returns (bytes32) {
        vm.prank(company);
        return staking.open(terms);
    }

    /// @dev A token of one payee, who lets the contract take it. Contracts that sign all are payees too.
    function tokenFor(address who, uint256 key, uint256 n) internal returns (uint256) {
        Share[] memory split = new Share[](1);
        split[0] = Share(who, 10_000);
        uint256[] memory keys = new uint256[](1);
        keys[0] = key;
        bytes32 content = keccak256(abi.encode("content", n));
        bytes[] memory signatures = signaturesOf(content, 0, split, keys);
        vm.prank(who);
        assets.setApprovalForAll(address(staking), true);
        return assets.enter(content, 0, split, signatures);
    }

    function stakeFor(bytes32 pool, address staker, uint256 tokenId, uint64 weight) internal pure returns (Stake memory) {
        return Stake(pool, staker, tokenId, weight, uint64(START + 365 days), bytes32(tokenId));
    }

    function hashOf(Stake memory s) internal view returns (bytes32) {
        bytes32 typeHash =
            keccak256("Stake(bytes32 pool,address staker,uint256 tokenId,uint64 weight,uint64 endsAt,bytes32 salt)");
        bytes memory fields = abi.encode(typeHash, s.pool, s.staker, s.tokenId, s.weight, s.endsAt, s.salt);
        return digest(address(staking), keccak256(fields));
    }

    function unbondDigest(Stake memory s) internal view returns (bytes32) {
        return digest(address(staking), keccak256(abi.encode(keccak256("Unbond(bytes32 stakeHash)"), hashOf(s))));
    }

    /// @dev Carried by a relayer: the staker pays nothing.
    function relay(Stake memory s, uint256 key) internal {
        bytes memory byCompany = signature(COMPANY_KEY, hashOf(s));
        bytes memory byStaker = signature(key, hashOf(s));
        vm.prank(relayer);
        staking.stake(s, byCompany, byStaker);
    }

    function unbondAs(Stake memory s) internal {
        vm.prank(s.staker);
        staking.unbond(s, "");
    }

    function depositCoin(bytes32 pool, uint128 amount) internal {
        vm.prank(company);
        staking.deposit{value: amount}(pool, amount);
    }

    function owedTo(Stake memory s) internal view returns (uint256 owed) {
        (,, owed) = staking.stakeOf(s);
    }
}
