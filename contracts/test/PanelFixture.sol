// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Offer, Purchase} from "../src/IExchange.sol";
import {ExchangeFixture} from "./ExchangeFixture.sol";
import {Panel} from "./Faces.sol";

/// @notice A panel of three over the usual exchange, and what its members sign. `other` buys and disputes.
abstract contract PanelFixture is ExchangeFixture {
    uint256 internal constant CASE_FEE = 100;
    uint256 internal constant WHOLE_BOND = 1003;
    uint256 internal constant PENALTY = 200;
    bytes32 internal constant EVIDENCE = keccak256("salted evidence");

    Panel internal panel;
    address internal panelCurrency;

    function memberKey(uint256 i) internal pure returns (uint256) {
        return 0x3E3B00 + i;
    }

    function member(uint256 i) internal pure returns (address) {
        return vm.addr(memberKey(i));
    }

    function membersOf(uint256 n) internal pure returns (address[] memory list) {
        list = new address[](n);
        for (uint256 i = 0; i < n; ++i) {
            list[i] = member(i);
        }
    }

    function newPanel(address[] memory list, uint256 threshold, uint256 fee, address currency, uint256 bond)
        internal
        returns (Panel)
    {
        return Panel(deploy("Panel", abi.encode(exchange, list, threshold, fee, currency, bond)));
    }

    /// @dev Three members with their bonds, two of whom decide.
    function openPanel(address currency) internal {
        panelCurrency = currency;
        panel = newPanel(membersOf(3), 2, CASE_FEE, currency, WHOLE_BOND);
        provide(other);
        provide(relayer);
        for (uint256 i = 0; i < 3; ++i) {
            provide(member(i));
            bondAs(i);
        }
    }

    /// @dev Gives somebody what it takes to pay the panel.
    function provide(address who) internal {
        vm.deal(who, 1e30);
        coin.mint(who, 1e30);
        vm.prank(who);
        coin.approve(address(panel), type(uint256).max);
    }

    function inCoin(uint256 amount) internal view returns (uint256) {
        return panelCurrency == address(0) ? amount : 0;
    }

    function bondAs(uint256 i) internal {
        uint256 missing = WHOLE_BOND - panel.seat(member(i)).bond;
        vm.prank(member(i));
        panel.bond{value: inCoin(missing)}(member(i), "");
    }

    function serveHash(uint256 term) internal view returns (bytes32) {
        return digest(address(panel), keccak256(abi.encode(keccak256("Serve(uint256 term)"), term)));
    }

    function resignHash(uint256 term) internal view returns (bytes32) {
        return digest(address(panel), keccak256(abi.encode(keccak256("Resign(uint256 term)"), term)));
    }

    function voteHash(bytes32 tradeId, bool forBuyer) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Vote(bytes32 tradeId,bool forBuyer)");
        return digest(address(panel), keccak256(abi.encode(typeHash, tradeId, forBuyer)));
    }

    function disputeHash(bytes32 tradeId, bytes32 evidenceHash) internal view returns (bytes32) {
        bytes32 typeHash = keccak256("Dispute(bytes32 tradeId,bytes32 evidenceHash)");
        return digest(address(exchange), keccak256(abi.encode(typeHash, tradeId, evidenceHash)));
    }

    function panelOffer(uint256 salt) internal view returns (Offer memory o) {
        o = usualOffer();
        (o.panel, o.salt) = (address(panel), salt);
    }

    /// @dev A trade of `other` that was delivered.
    function boughtBy(Offer memory o) internal returns (bytes32 tradeId) {
        tradeId = fillAs(other, o, PATIENT_KEY);
        deliverHere(tradeId, CEK);
    }

    /// @dev The same, in dispute.
    function disputed(Offer memory o) internal returns (bytes32 tradeId) {
        tradeId = boughtBy(o);
        disputeAs(other, o, inCoin(CASE_FEE), "");
    }

    /// @dev The buyer disputes, or `why` says why it may not.
    function disputeAs(address who, Offer memory o, uint256 valueWei, bytes memory why) internal {
        Purchase memory p = purchaseOf(o, who);
        vm.prank(who);
        if (why.length != 0) vm.expectRevert(why);
        exchange.dispute{value: valueWei}(o, p, EVIDENCE, "");
    }

    function voteAs(uint256 i, bytes32 tradeId, bool forBuyer) internal {
        vm.prank(member(i));
        panel.vote(tradeId, member(i), forBuyer, "");
    }
}
