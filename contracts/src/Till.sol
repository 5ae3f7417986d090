// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Clones} from "@openzeppelin/contracts/proxy/Clones.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ITill, Step} from "./ITill.sol";
import {Money} from "./Money.sol";
import {Splits} from "./Splits.sol";

/// @title Till
/// @notice Takes what an issue earns, in any currency, and pays its creator and its patients their parts.
/// @dev Invariants, for each currency:
/// - the patients' part of all that came is kept for leaves of the tree, each by its weight, for ever;
/// - the creator never has more than its part, nor all leaves together more than theirs: the tree carries sums, so that
///   leaves cannot come to more than the whole, even if its maker wanted them to;
/// - what came is counted by what is here and what went out, so a payment in costs what a transfer costs.
/// Creators makes one for each issue: a minimal proxy (ERC-1167) whose code ends in what it is for. A currency that lies
/// about balances, or calls back before it moves them, can spoil what is here of itself alone.
contract Till is ITill {
    mapping(address currency => uint256 amount) private _out;
    mapping(address currency => mapping(bytes32 leaf => uint256 amount)) private _taken;

    /// @notice Takes coin from anyone.
    receive() external payable {}

    /// @inheritdoc ITill
    function claim(address currency, address account, uint256 weight, bytes32 salt, Step[] calldata proof) external {
        _claim(currency, account, weight, salt, proof, account);
    }

    /// @inheritdoc ITill
    function claimTo(address currency, uint256 weight, bytes32 salt, Step[] calldata proof, address to) external {
        _claim(currency, msg.sender, weight, salt, proof, to);
    }

    /// @inheritdoc ITill
    function pay(address currency) external {
        (address creator,,,) = shares();
        _pay(currency, creator);
    }

    /// @inheritdoc ITill
    function payTo(address currency, address to) external {
        (address creator,,,) = shares();
        if (msg.sender != creator) revert NotCreator(msg.sender);
        _pay(currency, to);
    }

    /// @inheritdoc ITill
    function taken(address currency, bytes32 leaf) external view returns (uint256) {
        return _taken[currency][leaf];
    }

    /// @inheritdoc ITill
    function cameIn(address currency) public view returns (uint256) {
        return _out[currency] + (currency == address(0) ? address(this).balance : IERC20(currency).balanceOf(address(this)));
    }

    /// @inheritdoc ITill
    function shares()
        public
        view
        returns (address creator, uint256 patientsBps, uint256 patientsTotal, bytes32 patientsRoot)
    {
        bytes memory end = Clones.fetchCloneArgs(address(this));
        uint256 word;
        // abi.encodePacked(root, creator, bps, total): 62 bytes.
        assembly ("memory-safe") {
            patientsRoot := mload(add(end, 32))
            word := mload(add(end, 64))
        }
        return (address(uint160(word >> 96)), uint16(word >> 80), uint64(word >> 16), patientsRoot);
    }

    function _claim(
        address currency,
        address account,
        uint256 weight,
        bytes32 salt,
        Step[] calldata proof,
        address to
    ) private {
        bytes32 leaf = keccak256(abi.encode(account, weight, salt));
        (, uint256 bps, uint256 total, bytes32 root) = shares();
        (bytes32 node, uint256 sum) = _climb(leaf, weight, proof);
        if (node != root || sum != total) revert NotListed(account);
        uint256 all = cameIn(currency);
        // So that it can be multiplied by any weight, which has 64 bits.
        if (all > type(uint128).max) revert TooMuch();
        uint256 forPatients = all - _forCreator(all, bps);
        uint256 amount = _take(currency, leaf, forPatients * weight / total);
        emit Claimed(currency, account, to, amount);
        Money.pay(currency, to, amount);
    }

    function _pay(address currency, address to) private {
        (, uint256 bps,,) = shares();
        uint256 amount = _take(currency, 0, _forCreator(cameIn(currency), bps));
        emit Paid(currency, to, amount);
        Money.pay(currency, to, amount);
    }

    /// @dev Takes off what a leaf, or zero for the creator, has not had of what is its due.
    function _take(address currency, bytes32 leaf, uint256 due) private returns (uint256 amount) {
        uint256 had = _taken[currency][leaf];
        // Less than before: a token that shrank its holders' balances.
        if (due <= had) revert Nothing();
        amount = due - had;
        _taken[currency][leaf] = due;
        _out[currency] += amount;
    }

    /// @dev What is left by rounding is the patients'.
    function _forCreator(uint256 all, uint256 bps) private pure returns (uint256) {
        return Splits.portion(all, Splits.WHOLE_BPS - bps);
    }

    /// @dev The root and the sum to which a leaf leads.
    function _climb(bytes32 leaf, uint256 weight, Step[] calldata proof) private pure returns (bytes32 node, uint256 sum) {
        (node, sum) = (leaf, weight);
        for (uint256 i = 0; i < proof.length; ++i) {
            (bytes32 hash, uint256 other) = (proof[i].hash, proof[i].sum);
            // Four words: no leaf, which is three, passes for a node.
            node = node < hash ? keccak256(abi.encode(node, sum, hash, other)) : keccak256(abi.encode(hash, other, node, sum));
            sum += other;
        }
    }
}
