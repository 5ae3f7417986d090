// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {IAssets, Share} from "../src/IAssets.sol";
import {Fixture} from "./Fixture.sol";
import {Wallet} from "./hostile/Wallet.sol";

/// @notice Assets that a market enters by its creator's voucher, straight to who bought them. Here the market is the relayer.
contract AssetsVoucherTest is Fixture {
    bytes32 private constant SALE = keccak256("what was sold, and for what");

    function signed(address market, bytes32 sale) private view returns (bytes[] memory signatures) {
        signatures = signaturesOf(CONTENT, 0, usualSplit(), usualKeys());
        signatures[0] = signature(PATIENT_KEY, voucherDigest(CONTENT, 0, usualSplit(), market, sale));
    }

    function refuses(bytes[] memory signatures, address to, bytes memory why) private {
        vm.prank(relayer);
        vm.expectRevert(why);
        assets.enterByVoucher(CONTENT, 0, usualSplit(), signatures, SALE, to);
    }

    function test_AMarketEntersWhatItSold() public {
        uint256 id = tokenOf(CONTENT, usualSplit());
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(address(0), patient, id);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IERC721.Transfer(patient, buyer, id);
        vm.expectEmit(true, true, true, true, address(assets));
        emit IAssets.Entered(id, 0, CONTENT, usualSplit());
        bytes[] memory signatures = signed(relayer, SALE);
        vm.prank(relayer);
        eq(assets.enterByVoucher(CONTENT, 0, usualSplit(), signatures, SALE, buyer), id, "token");
        eq(assets.ownerOf(id), buyer, "owner");
        eq(assets.balanceOf(buyer), 1, "the buyer's tokens");
        eq(assets.balanceOf(patient), 0, "the creator's tokens");
        eq(assets.nonces(id), 1, "it has moved once");
        refuses(signatures, buyer, abi.encodeWithSelector(IAssets.AlreadyEntered.selector, id));
        vm.expectRevert(abi.encodeWithSelector(IAssets.AlreadyEntered.selector, id));
        assets.enter(CONTENT, 0, usualSplit(), signaturesOf(CONTENT, 0, usualSplit(), usualKeys()));
    }

    function test_AVoucherIsForOneMarketOneSaleAndABuyer() public {
        bytes memory bad = abi.encodeWithSelector(IAssets.BadSignature.selector, patient);
        refuses(signed(relayer, SALE), address(0), abi.encodeWithSelector(IAssets.ZeroAddress.selector));
        refuses(signed(other, SALE), buyer, bad);
        refuses(signed(relayer, ~SALE), buyer, bad);
        bytes[] memory signatures = signaturesOf(CONTENT, 0, usualSplit(), usualKeys());
        refuses(signatures, buyer, bad); // that it may be entered is not that it may be sold
        signatures = signed(relayer, SALE);
        signatures[1] = signature(DOCTOR_KEY, voucherDigest(CONTENT, 0, usualSplit(), relayer, SALE));
        refuses(signatures, buyer, abi.encodeWithSelector(IAssets.BadSignature.selector, doctor));
        // A voucher enters nothing without its market.
        vm.expectRevert(bad);
        assets.enter(CONTENT, 0, usualSplit(), signed(relayer, SALE));
        signatures = new bytes[](3);
        refuses(signatures, buyer, abi.encodeWithSelector(IAssets.SignatureCount.selector));
        refuses(new bytes[](0), buyer, abi.encodeWithSelector(IAssets.SignatureCount.selector));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAssets.BadSplit.selector));
        assets.enterByVoucher(CONTENT, 0, new Share[](0), new bytes[](0), SALE, buyer);
        signatures = signaturesOf(CONTENT, bytes32(uint256(1)), usualSplit(), usualKeys());
        signatures[0] = signature(PATIENT_KEY, voucherDigest(CONTENT, bytes32(uint256(1)), usualSplit(), relayer, SALE));
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAssets.NoSuchToken.selector, 1));
        assets.enterByVoucher(CONTENT, bytes32(uint256(1)), usualSplit(), signatures, SALE, buyer);
        eq(assets.balanceOf(buyer), 0, "nothing came to be");
    }

    /// What a creator allowed beforehand dies with the sale, also if it buys the token itself.
    function test_APermitOfBeforeIsVoidAfterTheSale() public {
        uint256 id = tokenOf(CONTENT, usualSplit());
        bytes32 typeHash = keccak256("Permit(address spender,uint256 tokenId,uint256 nonce,uint256 deadline)");
        bytes32 toSign = digest(address(assets), keccak256(abi.encode(typeHash, other, id, 0, START)));
        bytes[] memory signatures = signed(relayer, SALE);
        vm.prank(relayer);
        assets.enterByVoucher(CONTENT, 0, usualSplit(), signatures, SALE, patient);
        bytes memory permission = signature(PATIENT_KEY, toSign);
        vm.expectRevert(abi.encodeWithSelector(IAssets.BadSignature.selector, patient));
        assets.permit(other, id, START, permission);
    }

    function test_AContractMayCreateWhatIsSold() public {
        Wallet wallet = new Wallet();
        Share[] memory split = new Share[](1);
        split[0] = Share(address(wallet), 10_000);
        bytes[] memory signatures = new bytes[](1);
        vm.prank(relayer);
        vm.expectRevert(abi.encodeWithSelector(IAssets.BadSignature.selector, wallet));
        assets.enterByVoucher(CONTENT, 0, split, signatures, SALE, buyer);
        wallet.be(Wallet.Mood.Honest);
        vm.prank(relayer);
        uint256 id = assets.enterByVoucher(CONTENT, 0, split, signatures, SALE, buyer);
        eq(assets.ownerOf(id), buyer, "owner");
    }

    /// Whoever calls with whatever: the token is there if its creator named this caller and this sale, and only then.
    function testFuzz_OnlyTheMarketThatWasNamedEnters(address caller, bytes32 sale, address to, uint8 fault) public {
        vm.assume(caller != address(this) && caller != address(0) && caller.code.length == 0);
        fault %= 5;
        bytes[] memory signatures = signed(fault == 1 ? address(uint160(caller) ^ 1) : caller, fault == 2 ? ~sale : sale);
        if (fault == 3) signatures[0] = signature(OTHER_KEY, voucherDigest(CONTENT, 0, usualSplit(), caller, sale));
        if (fault == 4) signatures[1] = signature(OTHER_KEY, assetDigest(CONTENT, 0, usualSplit()));
        vm.prank(caller);
        (bool ok,) = address(assets).call(
            abi.encodeCall(IAssets.enterByVoucher, (CONTENT, 0, usualSplit(), signatures, sale, to))
        );
        isTrue(ok == (fault == 0 && to != address(0)), "as it was signed");
        uint256 id = tokenOf(CONTENT, usualSplit());
        isTrue(assets.entered(id) == ok, "entered");
        if (ok) eq(assets.ownerOf(id), to, "owner");
    }
}
